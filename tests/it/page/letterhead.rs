//! The pictures on the papers of an office.

use domain::access::Role;
use poem::http::Method;
use serde_json::Value;
use tests::{Backend, STAGEHAND, both};

use super::papers::Papers;
use super::{Got, asked};

both!(
    a_picture_is_put_there_read_back_and_taken_off,
    what_is_no_picture_is_refused,
    who_may_not_puts_no_picture_there
);

async fn send(papers: &Papers, method: Method, path: &str, token: &str, body: &[u8]) -> Got {
    let token = format!("Bearer {token}");
    let headers = [("Authorization", token.as_str())];
    asked(&papers.app, method, path, &headers, Some(body)).await
}

fn picture(name: &str) -> Vec<u8> {
    let folder = tests::root().join("crates/documents/src/tests/pictures");
    std::fs::read(folder.join(name)).expect("a picture")
}

/// What is in it is unpacked only when it is printed.
const WITH_PICTURE: &[u8] = br#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><image href="data:image/png;base64,"/></svg>"#;

const SVG: &[u8] = br#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>"#;

async fn a_picture_is_put_there_read_back_and_taken_off(backend: Backend) {
    let papers = Papers::new(backend).await;
    let organiser = papers.app.token(&papers.home, Role::Organizer, None).await;
    let viewer = papers.app.token(&papers.home, Role::Viewer, None).await;
    for (which, bytes, media) in [
        ("logo", picture("dot.png"), "image/png"),
        ("seal", SVG.to_vec(), "image/svg+xml"),
        ("signature", picture("dot.jpg"), "image/jpeg"),
    ] {
        let path = format!("/workspaces/home/letterhead/{which}");
        papers.as_bearer(&path, &organiser).await.expect(404);
        let put = send(&papers, Method::PUT, &path, &organiser, &bytes).await;
        let told: Value = serde_json::from_str(put.expect(200)).expect("JSON");
        assert_eq!(told["mediaType"], media);
        assert_eq!(told["size"], bytes.len());
        let read = papers.as_bearer(&path, &viewer).await;
        assert_eq!(read.status, 200);
        assert_eq!(read.bytes, bytes);
        assert_eq!(read.header("content-type"), media);
        assert!(read.header("content-security-policy").contains("sandbox"));
        let token = format!("Bearer {viewer}");
        let tag = read.header("etag");
        let headers = [("Authorization", token.as_str()), ("If-None-Match", tag)];
        let known = papers.get(&path, &headers).await;
        assert_eq!((known.status.as_u16(), known.bytes.len()), (304, 0));
        let head = asked(&papers.app, Method::HEAD, &path, &headers[..1], None).await;
        assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
    }
    let look = papers.store().look(papers.home.id).await.expect("a look");
    assert_eq!(look.seal.as_deref(), Some(SVG));
    let path = "/workspaces/home/letterhead/seal";
    for _ in 0..2 {
        let gone = send(&papers, Method::DELETE, path, &organiser, b"").await;
        assert_eq!((gone.status.as_u16(), gone.bytes.len()), (204, 0));
        papers.as_bearer(path, &organiser).await.expect(404);
    }
    let heads = papers
        .store()
        .letterheads(&STAGEHAND, &[persistence::letterhead_of(papers.home.id)])
        .await;
    let head = heads.expect("a letterhead").remove(0);
    assert!(head.logo.is_some() && head.seal.is_none() && head.signature.is_some());
}

async fn what_is_no_picture_is_refused(backend: Backend) {
    let papers = Papers::new(backend).await;
    let organiser = papers.app.token(&papers.home, Role::Organizer, None).await;
    let before = papers.app.database.contents().await;
    let path = "/workspaces/home/letterhead/logo";
    for (bytes, status, code) in [
        (b"GIF89a".to_vec(), 422, "BAD_USER_INPUT"),
        (Vec::new(), 422, "BAD_USER_INPUT"),
        (b"\x89PNG\r\n\x1a\nnothing".to_vec(), 422, "BAD_USER_INPUT"),
        (b"<svg".to_vec(), 422, "BAD_USER_INPUT"),
        (WITH_PICTURE.to_vec(), 422, "BAD_USER_INPUT"),
        (vec![0; 4 * 1024 * 1024 + 1], 413, "BAD_REQUEST"),
    ] {
        let put = send(&papers, Method::PUT, path, &organiser, &bytes).await;
        let told: Value = serde_json::from_str(put.expect(status)).expect("JSON");
        assert_eq!(told["errors"][0]["extensions"]["code"], code);
        let message = told["errors"][0]["message"].as_str().expect("words");
        assert!(message.starts_with("the picture "), "{message}");
    }
    for path in [
        "/workspaces/home/letterhead/face",
        "/workspaces/-/letterhead/logo",
    ] {
        let put = send(&papers, Method::PUT, path, &organiser, SVG).await;
        put.expect(404);
    }
    let post = send(&papers, Method::POST, path, &organiser, SVG).await;
    post.expect(405);
    assert!(before == papers.app.database.contents().await);
}

async fn who_may_not_puts_no_picture_there(backend: Backend) {
    let papers = Papers::new(backend).await;
    papers.app.publish(papers.event.id).await;
    let organiser = papers.app.token(&papers.home, Role::Organizer, None).await;
    let viewer = papers.app.token(&papers.home, Role::Viewer, None).await;
    let elsewhere = papers.app.workspace("elsewhere").await;
    let stranger = papers.app.token(&elsewhere, Role::Owner, None).await;
    let path = "/workspaces/home/letterhead/logo";
    send(&papers, Method::PUT, path, &organiser, SVG)
        .await
        .expect(200);
    let before = papers.app.database.contents().await;
    for method in [Method::PUT, Method::DELETE] {
        for (token, status, code) in [
            (viewer.as_str(), 403, "FORBIDDEN"),
            (&stranger, 404, "NOT_FOUND"),
            ("convoke_nothing", 401, "UNAUTHENTICATED"),
        ] {
            let got = send(&papers, method.clone(), path, token, SVG).await;
            let told: Value = serde_json::from_str(got.expect(status)).expect("JSON");
            assert_eq!(told["errors"][0]["extensions"]["code"], code);
        }
        let got = asked(&papers.app, method, path, &[], Some(SVG)).await;
        got.expect(401);
    }
    papers.get(path, &[]).await.expect(404);
    papers.as_bearer(path, &stranger).await.expect(404);
    assert!(before == papers.app.database.contents().await);
}
