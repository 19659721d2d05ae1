//! `convoke notify`: sending the mails that wait, beside whoever serves.

use crate::cli::{DatabaseSettings, NotifyArguments};
use crate::command::open_current;
use crate::command::serve::told_to_stop;
use crate::failure::Failure;
use crate::mail::dispatcher;
use crate::output::say;

pub(crate) async fn run(
    settings: &DatabaseSettings,
    arguments: NotifyArguments,
) -> Result<(), Failure> {
    let site = arguments.site.public_url.clone();
    let site = site.ok_or_else(|| Failure::Setting {
        setting: "--public-url (CONVOKE_PUBLIC_URL)",
        reason: "links in mails begin with it, and who serves is another program".to_owned(),
    })?;
    let store = open_current(settings).await?;
    let dispatcher = dispatcher(&store, &arguments.mail, &site)?;
    let dispatcher = dispatcher.ok_or_else(|| Failure::Setting {
        setting: "--mail (CONVOKE_MAIL)",
        reason: "it must be said which way mails go out".to_owned(),
    })?;
    let tally = if arguments.once {
        dispatcher.drain().await
    } else {
        say("sending the mails that wait");
        dispatcher.run(told_to_stop()).await
    };
    say(&format!(
        "{} sent, {} to be tried again, {} not sent",
        tally.sent, tally.again, tally.not_sent
    ));
    Ok(())
}
