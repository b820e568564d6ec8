//! `sacmes id`: the profile's User ID and its view-only code.

use std::fs;

use crate::agent_process::{AgentProcess, agent};
use crate::arguments;
use crate::program::{Run, run};

fn id(data: &std::path::Path, more: &[&str]) -> Run {
    let mut arguments = arguments!["id", "--data-dir", data].to_vec();
    arguments.extend(more.iter().map(Into::into));
    run(arguments)
}

fn is_user_id(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.chars().nth(14) == Some('4') && !text.contains(char::is_uppercase)
}

#[test]
fn the_id_is_made_once_and_kept_for_its_owner_alone() {
    let data = tempfile::tempdir().unwrap();
    let first = id(data.path(), &[]).ends_with(0).says("only you can read");
    let user_id = first.stdout.strip_suffix('\n').unwrap();
    assert!(is_user_id(user_id), "{user_id}");
    assert_eq!(id(data.path(), &[]).ends_with(0).stdout, first.stdout);
    assert!(
        !first.stderr.contains(user_id),
        "a secret is only printed where it is asked for"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let file = fs::metadata(data.path().join("profiles/default/user-id")).unwrap();
        assert_eq!(file.mode() & 0o777, 0o600);
    }
    let code = id(data.path(), &["--view-only"]).ends_with(0).stdout;
    assert_eq!(code.trim_end().len(), 63);
    assert!(code.starts_with("0400") && !code.contains(&user_id[..8]));
    // Another profile, and the same profile of another folder, are others.
    let anna = id(data.path(), &["--profile", "Anna"]).ends_with(0).stdout;
    let elsewhere = tempfile::tempdir().unwrap();
    let other = id(elsewhere.path(), &[]).ends_with(0).stdout;
    assert!(anna != first.stdout && other != first.stdout && anna != other);
}

#[test]
fn the_code_follows_from_the_id() {
    let data = tempfile::tempdir().unwrap();
    id(data.path(), &["--profile", "known"]).ends_with(0);
    // The vector of docs/codes.md, put into a fresh profile before its first start.
    let folder = data.path().join("profiles/vector");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("user-id");
    fs::write(&file, "0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35\n").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let code = id(data.path(), &["--profile", "vector", "--view-only"])
        .ends_with(0)
        .stdout;
    assert_eq!(
        code,
        "04003kq8yv5hsneztwrtf1k0czbd7rjbbxq5qvcnrkvfsye30a7r39abc21zxjg\n"
    );
}

#[test]
fn it_is_renewed_only_when_that_is_confirmed() {
    let data = tempfile::tempdir().unwrap();
    let before = id(data.path(), &[]).ends_with(0).stdout;
    let renew = |more: &[&str]| {
        let mut arguments = arguments!["share", "renew-user-id", "--data-dir", data.path()].to_vec();
        arguments.extend(more.iter().map(Into::into));
        run(arguments)
    };
    renew(&[]).ends_with(1).says("Add --yes to make a new one");
    assert_eq!(id(data.path(), &[]).ends_with(0).stdout, before);
    let renewed = renew(&["--yes"]).ends_with(0).says("the User ID is renewed").stdout;
    assert!(is_user_id(renewed.trim_end()) && renewed != before);
    assert_eq!(id(data.path(), &[]).ends_with(0).stdout, renewed);
}

#[test]
fn while_an_agent_runs_it_prints_the_same_id() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let before = id(data.path(), &[]).ends_with(0).stdout;
    let mut agent = AgentProcess::start(agent(folder.path(), data.path(), &[]));
    agent.wait_for("a session", |event| event["event"] == "session_started");
    assert_eq!(id(data.path(), &[]).ends_with(0).stdout, before);
    agent.kill();
}

#[test]
fn an_id_that_was_lost_is_never_replaced_by_another() {
    let data = tempfile::tempdir().unwrap();
    let before = id(data.path(), &[]).ends_with(0).stdout;
    let file = data.path().join("profiles/default/user-id");
    fs::rename(&file, data.path().join("aside")).unwrap();
    for _ in 0..2 {
        let lost = id(data.path(), &[]).ends_with(1).says("User ID");
        assert_eq!((lost.stdout.as_str(), lost.stderr.lines().count()), ("", 1));
    }
    fs::rename(data.path().join("aside"), &file).unwrap();
    assert_eq!(id(data.path(), &[]).ends_with(0).stdout, before);
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let data = tempfile::tempdir().unwrap();
    id(data.path(), &[]).ends_with(0);
    let file = data.path().join("profiles/default/user-id");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let refused = id(data.path(), &[]).ends_with(1).says("can be read by others");
    assert_eq!(refused.stdout, "");
}
