//! Wrong usage ends with 2, help and version with 0.

use crate::arguments;
use crate::program::{ended, run, sacmes};

#[test]
fn help_names_every_command_on_standard_output() {
    let help = run(["--help"]).ends_with(0);
    for command in [
        "inspect", "analyze", "simulate", "agent", "sessions", "results", "trends", "sweep", "export", "stats", "id",
    ] {
        assert!(
            help.stdout.contains(&format!("\n  {command} ")),
            "{command} is missing in {}",
            help.stdout
        );
        let of_command = run([command, "--help"]).ends_with(0);
        assert!(of_command.stdout.contains("Usage: sacmes"), "{of_command:?}");
    }
    assert!(run(["--version"]).ends_with(0).stdout.starts_with("sacmes "));
}

#[test]
fn wrong_usage_ends_with_2_and_leaves_standard_output_empty() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path();
    let wrong = [
        arguments![].to_vec(),
        arguments!["fly"].to_vec(),
        arguments!["analyze"].to_vec(),
        arguments!["inspect"].to_vec(),
        arguments!["analyze", folder, "--method", "guess"].to_vec(),
        arguments!["analyze", folder, "--technique", "eis"].to_vec(),
        arguments!["agent"].to_vec(),
        arguments!["agent", "--watch", folder, "--exit-after-idle", "-1"].to_vec(),
        arguments!["simulate", folder, "--style", "slowly"].to_vec(),
        arguments!["trends", "x", "--last", "0"].to_vec(),
        arguments!["sweep", "x", "not-a-number"].to_vec(),
        arguments!["export", "x"].to_vec(),
        arguments!["sessions", "--data-dir", folder, "--profile", "../other"].to_vec(),
    ];
    for arguments in wrong {
        let run = run(&arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{arguments:?} {run:?}");
        assert!(!run.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn what_another_technique_has_is_refused_by_name() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path();
    for (technique, option, value, says) in [
        ("swv", "--method", "bi", "measures chronoamperograms only"),
        ("cv", "--method", "mono", "does not measure cyclic voltammograms"),
        ("ca", "--method", "arpls", "does not measure chronoamperograms"),
        ("swv", "--pulse", "Short_", "--technique ca"),
    ] {
        let run = run(arguments!["analyze", folder, "--technique", technique, option, value])
            .ends_with(2)
            .says(says);
        assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
    }
}

#[test]
fn settings_that_cannot_be_are_named_in_one_line() {
    let data = tempfile::tempdir().unwrap();
    let settings = data.path().join("settings.toml");
    let with = |text: &str| {
        std::fs::write(&settings, text).unwrap();
        let run = run(arguments!["analyze", data.path(), "--settings", &settings])
            .ends_with(2)
            .says("settings.toml");
        assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
        run
    };
    with("[peak]\n\nmethud = \"tangent\"\n").says("line 3").says("methud");
    with("[peak]\nrange_v = [0.1, -0.1]\n").says("peak.range_v");
    with("[peak\n").says("line 1");
    with("[smoothing]\nsavgol = \"manual\"\nsavgol_window = 7\nsavgol_degree = 9\n").says("smoothing.savgol_degree");

    run(arguments![
        "analyze",
        data.path(),
        "--settings",
        data.path().join("none.toml")
    ])
    .ends_with(2)
    .says("none.toml");
}

#[test]
fn without_a_home_folder_a_data_folder_must_be_named() {
    let mut command = sacmes(["sessions"]);
    command
        .env_remove("HOME")
        .env_remove("LOCALAPPDATA")
        .env_remove("USERPROFILE");
    ended(command).ends_with(2).says("--data-dir");
}
