//! Files over HTTP: what is taken in, who reads it, and how it goes out.

use exchange::files::{FileKind, Owner};
use exchange::members::{Applicant, Firm};
use exchange::units::ApplicationId;
use exchange::{Body, Command, Profile};
use hyper::Method;
use ordering::PersonalData;
use serde_json::{Value, json};

use crate::venue::{Reply, Venue, announcement, config};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

/// A PDF that no other number gives.
pub fn pdf(number: u32) -> Vec<u8> {
    [PDF, format!("% {number}\n").as_bytes()].concat()
}

impl Venue {
    /// Hands in a file, said to be of this type.
    pub async fn upload(&self, token: &str, bytes: &[u8], media_type: &str) -> Reply {
        let call = self.post("/api/v1/files").by(token).text(bytes.to_vec());
        call.header("content-type", media_type).send().await
    }

    /// Hands in a PDF, and says its id.
    pub async fn kept(&self, token: &str, bytes: &[u8]) -> String {
        let added = self.upload(token, bytes, "application/pdf").await;
        assert_eq!(added.status, 201, "{}", added.json);
        added.json["id"].as_str().unwrap().to_owned()
    }
}

/// Protects the way of a file in: named by the SHA-256 of its bytes, once for one key, and listed with its room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_kept_once() {
    let venue = Venue::start().await;
    let manager = venue.sign_in("s1m").await;
    let upload = async |key: &str, bytes: &[u8], media_type: &str| {
        let call = venue.post("/api/v1/files").by(&manager).key(key).text(bytes.to_vec());
        call.header("content-type", media_type).send().await
    };
    let added = upload("k", PDF, "application/pdf").await;
    assert_eq!(added.status, 201, "{}", added.json);
    let id = added.json["id"].as_str().unwrap().to_owned();
    assert_eq!(id, "904636248025ad20fb9c6bd8b700179a2a42edb5df3636e926c7e09055ee3f75", "what sha256sum says");
    assert_eq!((&added.json["type"], &added.json["size"]), (&json!("application/pdf"), &json!(PDF.len())));
    assert!(venue.files_hold(PDF), "a file for everyone is stored as it is");

    let again = upload("k", PDF, "application/pdf; charset=binary").await;
    assert!(again.status == 201 && again.replayed() && again.json == added.json, "{}", again.json);
    upload("k", &pdf(2), "application/pdf").await.refuses(422, "idempotency_key_reused");
    let other_key = upload("k2", PDF, "application/pdf").await;
    assert!(other_key.status == 201 && other_key.json["id"] == added.json["id"], "{}", other_key.json);

    let list = venue.get("/api/v1/files").by(&manager).send().await.json;
    let expected =
        json!([{"id": id, "type": "application/pdf", "size": PDF.len(), "at": list["items"][0]["at"], "auctions": []}]);
    assert_eq!(list["items"], expected, "what was refused is not kept");
    assert_eq!((&list["files"], &list["bytes"], &list["files_max"]), (&json!(1), &json!(PDF.len()), &json!(1_000)));
    assert_eq!(venue.files_on_disk(), 1);

    let removed =
        venue.call(Method::DELETE, &format!("/api/v1/files/{id}")).by(&manager).key("d").text("{}").send().await;
    assert_eq!(removed.status, 200, "{}", removed.json);
    let again =
        venue.call(Method::DELETE, &format!("/api/v1/files/{id}")).by(&manager).key("d").text("{}").send().await;
    assert!(again.replayed());
    assert_eq!(venue.files_on_disk(), 0);
    venue.get(&format!("/api/v1/files/{id}")).by(&manager).send().await.refuses(404, "unknown_file");
    let gone = venue.call(Method::DELETE, &format!("/api/v1/files/{id}")).by(&manager).text("{}").send().await;
    gone.refuses(404, "unknown_file");
}

/// Protects everyone from what is no document: the content says the type, whatever the header says, and nothing of it is kept.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_what_it_says_is_refused() {
    let venue = Venue::start().await;
    let manager = venue.sign_in("s1m").await;
    let html = b"<!doctype html><script>alert(document.domain)</script>";
    for (bytes, media_type, reason) in [
        (html.as_slice(), "text/html", "unsupported_media_type"),
        (html, "application/pdf", "type_mismatch"),
        (PNG, "application/pdf", "type_mismatch"),
        (PDF, "image/png", "type_mismatch"),
        (b"", "application/pdf", "type_mismatch"),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "image/svg+xml", "unsupported_media_type"),
        (PDF, "application/octet-stream", "unsupported_media_type"),
        (PDF, "application/json", "unsupported_media_type"),
    ] {
        venue.upload(&manager, bytes, media_type).await.refuses(415, reason);
    }
    let encoded = venue.post("/api/v1/files").by(&manager).text(PDF.to_vec()).header("content-type", "application/pdf");
    encoded.header("content-encoding", "gzip").send().await.refuses(415, "unsupported_media_type");
    let without = venue.post("/api/v1/files").by(&manager).no_key().text(PDF.to_vec());
    without.header("content-type", "application/pdf").send().await.refuses(400, "idempotency_key_missing");
    assert_eq!(venue.files_on_disk(), 0);
    assert_eq!(venue.upload(&manager, PNG, "image/png").await.status, 201);
}

/// Protects the limits: ten megabytes and not one byte more, the member's room with its figures, the rate of one user, and that
/// what is refused is not on the disk.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_fills_the_disk() {
    let venue = Venue::with(gateway::GatewayConfig { uploads_burst: 8, ..config() }).await;
    let (manager, admin) = (venue.sign_in("s1m").await, venue.sign_in("adm1").await);
    let mut large = pdf(0);
    large.resize(10 * 1024 * 1024, b' ');
    venue.kept(&manager, &large).await;
    large.push(b' ');
    venue.upload(&manager, &large, "application/pdf").await.refuses(413, "payload_too_large");

    let profile = Profile {
        outage_after: None,
        files_per_member_max: Some(2),
        file_bytes_per_member_max: Some(11 << 20),
        ..Profile::default()
    };
    venue.node.submit(Command::system(Body::SetProfile(profile))).await.unwrap().outcome.unwrap();
    large.truncate(2 << 20);
    let over = venue.upload(&manager, &large, "application/pdf").await;
    over.refuses(409, "file_quota");
    let detail = over.json["detail"].as_str().unwrap();
    assert!(detail.contains("10485760") && detail.contains("2097152") && detail.contains("11534336"), "{detail}");
    venue.kept(&manager, &pdf(1)).await;
    venue.upload(&manager, &pdf(2), "application/pdf").await.refuses(409, "file_quota");
    assert_eq!(venue.files_on_disk(), 2);
    let shown = venue.get("/api/v1/profile").by(&admin).send().await.json;
    assert_eq!((&shown["files_per_member_max"], &shown["file_bytes_max"]), (&json!(2), &Value::Null));

    let mut answers = Vec::new();
    for number in 0..4 {
        answers.push(venue.upload(&manager, &pdf(number + 3), "application/pdf").await);
    }
    let limited = answers.iter().find(|answer| answer.status == 429).expect("more than eight at once are too many");
    limited.refuses(429, "rate_limited");
    assert!(limited.headers.contains_key("retry-after"));
}

/// Protects who reads what comes with an announcement, and how it goes out: its initiator and staff at first, every member
/// once it is published; saved and not shown, with its type, in a sandbox, kept by nobody but its reader.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attachments_are_read_by_who_reads_the_announcement() {
    let venue = Venue::start().await;
    let (manager, stranger, operator) =
        (venue.sign_in("s1m").await, venue.sign_in("b1m").await, venue.sign_in("op1").await);
    let id = venue.kept(&manager, PDF).await;
    let path = format!("/api/v1/files/{id}");
    let attaching = |file: &str, name: &str| {
        let mut body = announcement();
        body["attachments"] = json!([{"file": file, "name": name}]);
        body
    };
    let submit = async |token: &str, body: Value| venue.post("/api/v1/auctions").by(token).json(body).send().await;
    venue.get(&path).by(&operator).send().await.refuses(404, "unknown_file");
    submit(&stranger, attaching(&id, "a.pdf")).await.refuses(422, "unknown_file");
    submit(&manager, attaching(&id, "a/b.pdf")).await.refuses(422, "invalid_announcement");
    submit(&manager, attaching(&id[1..], "a.pdf")).await.refuses(422, "unknown_file");

    let submitted = submit(&manager, attaching(&id, "合同\u{ff0f}样本")).await;
    assert_eq!(submitted.status, 201, "{}", submitted.json);
    let auction = format!("/api/v1/auctions/{}", submitted.json["id"]);
    for login in ["s1m", "s1t", "op1", "set1", "adm1", "aud1"] {
        let token = venue.sign_in(login).await;
        assert_eq!(venue.get(&path).by(&token).send().await.status, 200, "{login}");
    }
    venue.get(&path).by(&stranger).send().await.refuses(404, "unknown_file");
    venue.get(&path).send().await.refuses(401, "not_signed_in");
    let in_use = venue.call(Method::DELETE, &path).by(&manager).text("{}").send().await;
    in_use.refuses(409, "file_in_use");

    let approved = venue.post(&format!("{auction}/approval")).by(&operator).json(json!({})).send().await;
    assert_eq!(approved.status, 200, "{}", approved.json);
    let seen = venue.get(&auction).by(&stranger).send().await.json;
    let attached = json!([{"file": id, "name": "合同\u{ff0f}样本", "type": "application/pdf", "size": PDF.len()}]);
    assert_eq!(seen["attachments"], attached);
    let listed = venue.get("/api/v1/auctions").by(&stranger).send().await.json;
    assert_eq!(listed["items"][0]["attachments"], attached, "a list says it too");

    let before = venue.node.sequence();
    let file = venue.get(&path).by(&stranger).send().await;
    assert_eq!((file.status.as_u16(), file.body.as_ref()), (200, PDF));
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "private, no-cache"),
        ("etag", &format!("\"{id}\"")),
        (
            "content-disposition",
            &format!(
                "attachment; filename=\"{}.pdf\"; filename*=UTF-8''%E5%90%88%E5%90%8C%EF%BC%8F%E6%A0%B7%E6%9C%AC.pdf",
                &id[..16]
            ),
        ),
    ] {
        assert_eq!(file.headers[name], *value, "{name}");
    }
    assert_eq!(file.headers["content-length"], PDF.len().to_string().as_str());
    let unchanged = venue.get(&path).by(&stranger).header("if-none-match", &format!("\"{id}\"")).send().await;
    assert_eq!((unchanged.status.as_u16(), unchanged.body.len()), (304, 0));
    assert_eq!(venue.node.sequence(), before, "what everyone reads is no look at another's");
    venue.get("/api/v1/files/x").by(&stranger).send().await.refuses(404, "unknown_file");
    venue.get(&format!("/api/v1/files/{}", id.to_uppercase())).by(&stranger).send().await.refuses(404, "unknown_file");
}

/// Protects a rejected announcement's files: they are its initiator's to remove, and where that one hands them in anew they are
/// read again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_rejected_announcement_named_can_go() {
    let venue = Venue::start().await;
    let (manager, operator) = (venue.sign_in("s1m").await, venue.sign_in("op1").await);
    let id = venue.kept(&manager, PDF).await;
    let mut body = announcement();
    body["attachments"] = json!([{"file": id, "name": "a.pdf"}]);
    let submitted = venue.post("/api/v1/auctions").by(&manager).json(body).send().await.json;
    let auction = format!("/api/v1/auctions/{}", submitted["id"]);
    venue.post(&format!("{auction}/rejection")).by(&operator).json(json!({"reason": "缺页"})).send().await;
    let path = format!("/api/v1/files/{id}");
    assert_eq!(venue.get(&path).by(&operator).send().await.status, 200, "staff still read what they rejected");
    assert_eq!(venue.call(Method::DELETE, &path).by(&manager).text("{}").send().await.status, 200);
    venue.get(&path).by(&operator).send().await.refuses(404, "unknown_file");
    let seen = venue.get(&auction).by(&manager).send().await.json;
    assert_eq!(seen["attachments"], json!([{"file": id, "name": "a.pdf", "type": null, "size": null}]));
    venue.kept(&manager, PDF).await;
    assert_eq!(venue.get(&path).by(&operator).send().await.status, 200);
}

/// Protects documents of applications: under the key of a person, read by who admits and by nobody else, each look in the trail
/// before it is answered, and gone for all with the key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_are_for_who_admits() {
    let venue = Venue::start().await;
    let licence = pdf(7);
    let person = PersonalData { login: "applicant".to_owned(), name: "王".to_owned() };
    let vault = venue.node.vault();
    let personal = vault.encrypt_person(&person).unwrap();
    let firm = Firm {
        credit_code: "91150000701463622D".to_owned(),
        name: "北方稀土".to_owned(),
        licence_until: None,
        affiliates: Vec::new(),
    };
    let applicant = Applicant {
        login_tag: vault.login_tag("applicant").into(),
        personal: personal.clone().into(),
        contact: vec![1; 40].into(),
    };
    let apply = Command::system(Body::Apply { token_hash: [1; 32].into(), firm, applicant });
    venue.node.submit(apply).await.unwrap().outcome.unwrap();
    let sealed = vault.seal_document(&personal, &licence).unwrap();
    let name = vault.seal_document_name(&personal, "营业执照.pdf").unwrap();
    let size = u32::try_from(sealed.len()).unwrap();
    let keep = move |hash| {
        let (kind, owner, name) = (FileKind::Pdf, Owner::Application(ApplicationId(1)), Some(name.into()));
        Command::system(Body::KeepFile { hash, size, kind, owner, name })
    };
    let hash = ordering::file_hash(&sealed);
    venue.node.keep_file(sealed, keep).await.unwrap().outcome.unwrap();
    assert!(!venue.files_hold(&licence) && !venue.files_hold("营业执照".as_bytes()), "nothing of it is plain");

    let id: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let path = format!("/api/v1/files/{id}");
    for login in ["s1m", "b1", "op1", "set1"] {
        let token = venue.sign_in(login).await;
        venue.get(&path).by(&token).send().await.refuses(404, "unknown_file");
    }
    for login in ["adm1", "aud1"] {
        let token = venue.sign_in(login).await;
        let before = venue.node.sequence();
        let file = venue.get(&path).by(&token).send().await;
        assert_eq!((file.status.as_u16(), file.body.as_ref()), (200, licence.as_slice()));
        assert_eq!(venue.node.sequence().0, before.0 + 1, "the look is an entry");
        assert!(file.headers["cache-control"] == "no-store" && !file.headers.contains_key("etag"));
        let disposition = file.headers["content-disposition"].to_str().unwrap();
        assert!(
            disposition.starts_with("attachment; ") && disposition.ends_with("%E6%89%A7%E7%85%A7.pdf"),
            "{disposition}"
        );
    }
    let auditor = venue.sign_in("aud1").await;
    let looks = "/api/v1/audit?act=looked_at_document";
    let trail = venue.until(looks, &auditor, |page| page["items"].as_array().unwrap().len() == 2).await;
    assert_eq!((&trail["items"][1]["login"], &trail["items"][1]["detail"]), (&json!("adm1"), &json!(id)));

    assert!(venue.node.vault().forget_person(&personal).unwrap());
    venue.get(&path).by(&auditor).send().await.refuses(410, "erased");
    venue.node.stop().await;
    venue.get(&path).by(&auditor).send().await.refuses(503, "unavailable");
}

/// Protects members from a file that is not as it was: it is not given out, and the metrics say so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn altered_bytes_are_not_given_out() {
    let venue = Venue::start().await;
    let manager = venue.sign_in("s1m").await;
    let id = venue.kept(&manager, PDF).await;
    let stored = venue.file_path(&id);
    let mut bytes = std::fs::read(&stored).unwrap();
    bytes[20] ^= 1;
    std::fs::write(&stored, bytes).unwrap();
    let path = format!("/api/v1/files/{id}");
    venue.get(&path).by(&manager).send().await.refuses(503, "file_unavailable");
    let metrics = String::from_utf8(venue.get("/metrics").send().await.body.to_vec()).unwrap();
    assert!(metrics.contains("\nbayan_files 1\n") && metrics.contains("\nbayan_files_damaged 1\n"), "{metrics}");
    venue.kept(&manager, PDF).await;
    assert_eq!(venue.get(&path).by(&manager).send().await.body, PDF, "handed in anew it is there again");
}
