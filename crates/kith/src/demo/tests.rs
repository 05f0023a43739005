//! The sample center is the same for the same seed, and there is someone in every group of its inbox.

use foundation::Clock;
use intake::inbox::{View, rows};
use intake::rules::standing::Group;

use super::*;

async fn center(seed: u64) -> (tempfile::TempDir, Vec<(String, String, Group)>, u64) {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { data: folder.path().join("kith"), ..Settings::default() };
    let monday = Clock::set("2026-03-02T15:00:00Z".parse().unwrap());
    let room = serving::postroom(&settings, Post::Captured);
    let db = Box::pin(furnish(&settings, &room, monday, seed)).await.unwrap();
    let ana = foundation::staff::inviting::by_sign_in_name(db.reader(), "ana").await.unwrap().actor();
    let open = rows(&db, &ana, View::Everyone, None).await.unwrap();
    let clients = clients::client::counts(db.reader(), &ana).await.unwrap().0;
    let lines = open.into_iter().map(|r| (r.reference.clone(), r.name.clone(), r.group())).collect();
    (folder, lines, clients)
}

#[tokio::test]
async fn the_same_seed_makes_the_same_center_with_someone_in_every_group() {
    let (_one, first, clients) = Box::pin(center(7)).await;
    let (_two, again, _) = Box::pin(center(7)).await;
    assert_eq!(first, again);
    assert_eq!((first.len(), clients), (20, 60));
    for group in [Group::Safety, Group::FirstCall, Group::Promised, Group::Waiting] {
        assert!(first.iter().any(|(.., g)| *g == group), "nobody in {}", group.words());
    }
}
