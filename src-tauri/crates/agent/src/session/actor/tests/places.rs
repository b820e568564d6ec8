//! Two files that claim one place in the series.

use protocol::author::Author;

use super::*;

fn flagged(desk: &Desk) -> Vec<String> {
    let is_flagged = |m: &Measurement| m.reason.as_deref() == Some("duplicate_index");
    desk.results().into_iter().filter(is_flagged).map(|m| m.file).collect()
}

/// Measures everything anew, as new settings do.
async fn recompute(desk: &mut Desk) {
    let mut settings = desk.actor.rules.settings.clone();
    settings.peak.trim_points += 1;
    let revision = desk.actor.revision;
    desk.actor
        .revise(CommandId::new(), Author::Here, revision, settings)
        .await
        .unwrap();
    let done = recompute::finished(&mut desk.actor.recomputation).await;
    desk.actor.after_recomputation(done);
    desk.pass(A_WHILE).await;
}

#[tokio::test(start_paused = true)]
async fn a_place_that_its_file_leaves_belongs_to_the_next() {
    let mut desk = Desk::new(&Settings::default()).await;
    for (name, index) in [("a_15Hz_1.txt", 1), ("b_15Hz_1.txt", 2), ("c_15Hz_1.txt", 3)] {
        desk.put(name, chi(index));
    }
    desk.scan_and_look().await;
    assert_eq!(flagged(&desk), ["b_15Hz_1.txt", "c_15Hz_1.txt"]);
    // The first is written again with another frequency.
    desk.put(
        "a_15Hz_1.txt",
        chi(1).replace("Frequency (Hz) = 15", "Frequency (Hz) = 40"),
    );
    desk.pass(A_WHILE).await;
    assert_eq!(flagged(&desk), ["c_15Hz_1.txt"]);
    // The second becomes one that cannot be used.
    desk.put("b_15Hz_1.txt", "a letter, not a measurement\n");
    desk.pass(A_WHILE).await;
    desk.pass(A_WHILE).await;
    assert_eq!(desk.state("b_15Hz_1.txt").0, FileState::Skipped);
    assert!(flagged(&desk).is_empty());
    desk.put("d_15Hz_1.txt", chi(4));
    desk.pass(A_WHILE).await;
    assert_eq!(flagged(&desk), ["d_15Hz_1.txt"]);
}

#[tokio::test(start_paused = true)]
async fn the_order_is_the_same_live_after_a_restart_and_in_a_recomputation() {
    let mut desk = Desk::new(&Settings::default()).await;
    let late = chi(1);
    desk.put("late_15Hz_1.txt", &late[..late.len() / 2]);
    desk.scan_and_look().await;
    desk.pass(A_MOMENT).await;
    desk.put("quick_15Hz_1.txt", chi(2));
    desk.pass(A_MOMENT).await;
    assert!(flagged(&desk).is_empty());
    // The file that was told of first has the place, though it is measured last.
    desk.put("late_15Hz_1.txt", &late);
    desk.pass(A_WHILE).await;
    assert_eq!(flagged(&desk), ["quick_15Hz_1.txt"]);
    let ids: Vec<_> = desk.results().iter().map(|m| m.measurement).collect();
    assert_eq!(ids.len(), 2);
    recompute(&mut desk).await;
    assert_eq!(flagged(&desk), ["quick_15Hz_1.txt"]);
    desk.restart();
    desk.put("quick_15Hz_1.txt", chi(3));
    desk.pass(A_WHILE).await;
    assert_eq!(flagged(&desk), ["quick_15Hz_1.txt"]);
    recompute(&mut desk).await;
    assert_eq!(flagged(&desk), ["quick_15Hz_1.txt"]);
    desk.put("quick_15Hz_1.txt", chi(4));
    desk.pass(A_WHILE).await;
    assert_eq!(flagged(&desk), ["quick_15Hz_1.txt"]);
}
