/* What libical reads, one line of JSON a file: times by what the object tells of the zone.
 *     libical FILE... */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void string(const char *text) {
    if (!text) {
        printf("null");
        return;
    }
    putchar('"');
    for (const unsigned char *byte = (const unsigned char *)text; *byte; byte++) {
        if (*byte < 0x20 || *byte == '"' || *byte == '\\')
            printf("\\u%04x", *byte);
        else
            putchar(*byte);
    }
    putchar('"');
}

static icalproperty *only(icalcomponent *component, icalproperty_kind kind) {
    return icalcomponent_get_first_property(component, kind);
}

static const char *parameter(icalproperty *property, const char *name) {
    for (icalparameter *one = icalproperty_get_first_parameter(property, ICAL_ANY_PARAMETER); one;
         one = icalproperty_get_next_parameter(property, ICAL_ANY_PARAMETER)) {
        if (icalparameter_isa(one) == ICAL_CN_PARAMETER && !strcmp(name, "CN"))
            return icalparameter_get_cn(one);
        if (icalparameter_isa(one) == ICAL_LABEL_PARAMETER && !strcmp(name, "LABEL"))
            return icalparameter_get_label(one);
    }
    return NULL;
}

static void moment(icalcomponent *event, icalproperty_kind kind) {
    icalproperty *property = only(event, kind);
    if (!property) {
        printf("null");
        return;
    }
    struct icaltimetype time = icalproperty_get_datetime_with_component(property, event);
    if (time.is_date) {
        printf("\"%04d-%02d-%02d\"", time.year, time.month, time.day);
        return;
    }
    time = icaltime_convert_to_zone(time, icaltimezone_get_utc_timezone());
    printf("\"%04d-%02d-%02dT%02d:%02d:%02dZ\"", time.year, time.month, time.day, time.hour,
           time.minute, time.second);
}

static void text(icalcomponent *component, const char *key, icalproperty_kind kind) {
    icalproperty *property = only(component, kind);
    icalvalue *value = property ? icalproperty_get_value(property) : NULL;
    printf("\"%s\": ", key);
    if (value && icalvalue_isa(value) == ICAL_TEXT_VALUE)
        string(icalvalue_get_text(value));
    else
        string(property ? icalproperty_get_value_as_string(property) : NULL);
    printf(", ");
}

static void address(const char *uri) {
    string(uri && !strncmp(uri, "mailto:", 7) ? uri + 7 : uri);
}

static void event(icalcomponent *event) {
    printf("{\"sequence\": %d, ", icalcomponent_get_sequence(event));
    text(event, "uid", ICAL_UID_PROPERTY);
    text(event, "status", ICAL_STATUS_PROPERTY);
    text(event, "summary", ICAL_SUMMARY_PROPERTY);
    text(event, "description", ICAL_DESCRIPTION_PROPERTY);
    text(event, "location", ICAL_LOCATION_PROPERTY);
    text(event, "url", ICAL_URL_PROPERTY);
    printf("\"categories\": [");
    const char *comma = "";
    for (icalproperty *one = only(event, ICAL_CATEGORIES_PROPERTY); one;
         one = icalcomponent_get_next_property(event, ICAL_CATEGORIES_PROPERTY)) {
        printf("%s", comma);
        string(icalproperty_get_categories(one));
        comma = ", ";
    }
    printf("], \"start\": ");
    moment(event, ICAL_DTSTART_PROPERTY);
    printf(", \"end\": ");
    moment(event, ICAL_DTEND_PROPERTY);
    icalproperty *organizer = only(event, ICAL_ORGANIZER_PROPERTY);
    printf(", \"organizer\": {\"address\": ");
    address(icalproperty_get_organizer(organizer));
    printf(", \"name\": ");
    string(parameter(organizer, "CN"));
    printf("}, \"attendee\": ");
    icalproperty *attendee = only(event, ICAL_ATTENDEE_PROPERTY);
    if (attendee) {
        printf("{\"address\": ");
        address(icalproperty_get_attendee(attendee));
        printf(", \"name\": ");
        string(parameter(attendee, "CN"));
        printf(", \"answer\": ");
        string(icalproperty_get_parameter_as_string(attendee, "PARTSTAT"));
        printf("}");
    } else {
        printf("null");
    }
    icalproperty *conference = only(event, ICAL_CONFERENCE_PROPERTY);
    printf(", \"label\": ");
    string(conference ? parameter(conference, "LABEL") : NULL);
    printf("}");
}

static char *contents(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    long length = ftell(file);
    rewind(file);
    char *text = calloc((size_t)length + 1, 1);
    if (text && fread(text, 1, (size_t)length, file) != (size_t)length)
        text[0] = 0;
    fclose(file);
    return text;
}

int main(int count, char **paths) {
    for (int place = 1; place < count; place++) {
        char *bytes = contents(paths[place]);
        icalcomponent *calendar = bytes ? icalparser_parse_string(bytes) : NULL;
        if (!calendar) {
            fprintf(stderr, "%s cannot be read\n", paths[place]);
            return 1;
        }
        printf("{\"method\": ");
        string(icalproperty_method_to_string(icalcomponent_get_method(calendar)));
        int errors = icalcomponent_count_errors(calendar);
        if (errors)
            printf(", \"errors\": [\"%d\"]", errors);
        printf(", ");
        text(calendar, "name", ICAL_NAME_PROPERTY);
        printf("\"events\": [");
        const char *comma = "";
        for (icalcomponent *one = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); one;
             one = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
            printf("%s", comma);
            event(one);
            comma = ", ";
        }
        printf("]}\n");
        icalcomponent_free(calendar);
        free(bytes);
    }
    return 0;
}
