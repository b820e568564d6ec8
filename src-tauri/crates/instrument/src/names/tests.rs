use std::cmp::Ordering;

use proptest::prelude::*;

use super::*;

fn auto(name: &str) -> (String, Option<u32>, Option<f64>, Option<u32>) {
    let found = NamePattern::parse("auto").unwrap().parse_name(name).unwrap();
    (found.handle, found.electrode, found.frequency_hz, found.index)
}

#[test]
fn every_form_that_labs_use_is_understood() {
    for (name, handle, electrode, hz, index) in [
        ("SWV_15Hz_1.txt", "SWV", None, Some(15.0), Some(1)),
        ("SWV_15Hz__1.txt", "SWV", None, Some(15.0), Some(1)),
        ("SWV_15Hz_#1.txt", "SWV", None, Some(15.0), Some(1)),
        ("SWV_15Hz_01.txt", "SWV", None, Some(15.0), Some(1)),
        ("SWV_15Hz1.txt", "SWV", None, Some(15.0), Some(1)),
        ("SWV_15hz_1.TXT", "SWV", None, Some(15.0), Some(1)),
        ("SWV_2.5Hz_3.csv", "SWV", None, Some(2.5), Some(3)),
        ("SWV_100Hz.txt", "SWV", None, Some(100.0), None),
        ("SWV_100Hz_.txt", "SWV", None, Some(100.0), None),
        ("SWV_2.5Hz", "SWV", None, Some(2.5), None),
        ("E3_run a_15Hz_7.txt", "run a", Some(3), Some(15.0), Some(7)),
        ("SWV_E1_15Hz_1.txt", "SWV_E1", None, Some(15.0), Some(1)),
        ("CF-03-002_5Hz_1.txt", "CF-03-002", None, Some(5.0), Some(1)),
        ("base_#4.DTA", "base", None, None, Some(4)),
        ("run_15Hz_2.DTA.txt", "run", None, Some(15.0), Some(2)),
        ("CV_1.txt", "CV", None, None, Some(1)),
        ("CV__12.txt", "CV", None, None, Some(12)),
        ("2025_10_03_CV_Test_2.txt", "2025_10_03_CV_Test", None, None, Some(2)),
        ("F=5, M2.txt", "F=5, M2", None, None, None),
        (
            "Nov2.22, E#2, W new MN, 0uM, M1.txt",
            "Nov2.22, E#2, W new MN, 0uM, M1",
            None,
            None,
            None,
        ),
        ("notes.txt", "notes", None, None, None),
        ("E_15Hz_1.txt", "E", None, Some(15.0), Some(1)),
        ("µ 15 kHz_1.txt", "µ 15 kHz", None, None, Some(1)),
        ("SWV 15 Hz 7.txt", "SWV", None, Some(15.0), Some(7)),
        ("SWV_2,5Hz_3.txt", "SWV", None, Some(2.5), Some(3)),
        ("SWV_15Hz_1_2.txt", "SWV", None, Some(15.0), None),
        ("run_2024_05_01.csv", "run_2024_05_01", None, None, None),
        ("2024-05-01.csv", "2024-05-01", None, None, None),
        ("run_20240501.csv", "run_20240501", None, None, None),
        ("SWV_15Hz_99999999999.txt", "SWV", None, Some(15.0), None),
    ] {
        assert_eq!(auto(name), (handle.to_owned(), electrode, hz, index), "{name}");
    }
}

#[test]
fn a_copy_does_not_take_the_place_of_its_original() {
    for name in [
        "SWV_15Hz_1.bak.txt",
        "SWV_15Hz_1 (copy).txt",
        "SWV_15Hz_1 (2).txt",
        "SWV_15Hz_1 - Copy.txt",
        "SWV_15Hz_1.txt~",
        "Copy of SWV_15Hz_1.txt",
    ] {
        let (_, _, hz, index) = auto(name);
        assert_eq!((hz, index), (None, None), "{name}");
        assert!(
            NamePattern::parse("auto").unwrap().parse_name(name).unwrap().copy,
            "{name}"
        );
        assert_eq!(
            NamePattern::parse("<H>_<F>Hz_<N>").unwrap().parse_name(name),
            None,
            "{name}"
        );
    }
}

#[test]
fn templates_take_names_apart() {
    let template = NamePattern::parse("E<E>_<H>_<F>Hz_<N>").unwrap();
    let found = template.parse_name("E12_my_run_2.5Hz_003.csv").unwrap();
    assert_eq!(
        found,
        ScanName {
            handle: "my_run".to_owned(),
            electrode: Some(12),
            frequency_hz: Some(2.5),
            index: Some(3),
            copy: false
        }
    );
    for other in [
        "my_run_2.5Hz_3.csv",
        "E12_my_run_2.5Hz_.csv",
        "E12_my_run_2.5Hz_3b.csv",
        "E_x_1Hz_1.txt",
        "",
    ] {
        assert_eq!(template.parse_name(other), None, "{other}");
    }
    let by_conditions = NamePattern::parse("F=<F>, M<N>").unwrap();
    assert_eq!(by_conditions.parse_name("F=5, M2.txt").unwrap().index, Some(2));
}

#[test]
fn a_wrong_template_says_where() {
    use TemplateError as E;
    assert_eq!(
        NamePattern::parse("<H>_<X>"),
        Err(E::Unknown {
            placeholder: "X".to_owned(),
            at: 5
        })
    );
    assert_eq!(NamePattern::parse("<H"), Err(E::Unclosed { at: 1 }));
    assert_eq!(
        NamePattern::parse("<H>_<H>"),
        Err(E::Repeated {
            placeholder: 'H',
            at: 5
        })
    );
    assert_eq!(NamePattern::parse("<H><N>"), Err(E::Adjacent { at: 4 }));
    assert_eq!(NamePattern::parse("scan"), Err(E::NoPlaceholder));
    assert_eq!(NamePattern::parse(" "), Err(E::Length));
}

#[test]
fn filters_refuse_with_the_reason() {
    let filter = NameFilter {
        handle: "SWV".to_owned(),
        extension: "TXT".to_owned(),
        frequencies_hz: vec![15.0],
        first_index: 2,
        last_index: 5,
    };
    let of = |name: &str| {
        let parsed = NamePattern::parse("auto").unwrap().parse_name(name).unwrap();
        filter.accepts(name, &parsed).map_err(|r| r.code())
    };
    assert_eq!(of("SWV_15Hz_2.txt"), Ok(()));
    assert_eq!(of("E4_swv_15Hz_5.TXT"), Ok(()));
    assert_eq!(of("SWV_15Hz_6.txt"), Err("index_out_of_range"));
    assert_eq!(of("SWV_15Hz_1.txt"), Err("index_out_of_range"));
    assert_eq!(of("SWV_30Hz_2.txt"), Err("frequency_not_selected"));
    assert_eq!(of("SWVb_15Hz_2.txt"), Err("handle_differs"));
    assert_eq!(of("SWV2_15Hz_2.txt"), Err("handle_differs"));
    assert_eq!(of("SWV_15Hz_2.csv"), Err("extension_differs"));
    assert_eq!(of(".SWV_15Hz_2.txt"), Err("hidden_or_temporary"));
    assert_eq!(of("SWV_15Hz_2.txt.part"), Err("hidden_or_temporary"));
}

#[test]
fn people_count_one_two_ten() {
    let mut names = ["a_10.txt", "a_2.txt", "A_1.txt", "a_02.txt", "b", "a"];
    names.sort_by(|a, b| natural_order(a, b));
    assert_eq!(names, ["a", "A_1.txt", "a_02.txt", "a_2.txt", "a_10.txt", "b"]);
}

proptest! {
    #[test]
    fn no_name_is_too_strange(name in ".{0,60}", pattern in ".{0,20}") {
        NamePattern::parse("auto").unwrap().parse_name(&name).unwrap();
        if let Ok(template) = NamePattern::parse(&pattern) {
            template.parse_name(&name);
        }
    }

    #[test]
    fn the_natural_order_is_one(a in "[a-b0-2]{0,6}", b in "[a-b0-2]{0,6}", c in "[a-b0-2]{0,6}") {
        prop_assert_eq!(natural_order(&a, &b), natural_order(&b, &a).reverse());
        prop_assert_eq!(natural_order(&a, &b) == Ordering::Equal, a == b);
        if natural_order(&a, &b).is_le() && natural_order(&b, &c).is_le() {
            prop_assert!(natural_order(&a, &c).is_le());
        }
    }

    #[test]
    fn what_the_simulated_instrument_writes_is_read_back(hz in 1_u32..100_000, index in 1_u32..100_000) {
        let name = format!("SWV_{}Hz_{index}.txt", f64::from(hz) / 10.0);
        let found = NamePattern::parse("auto").unwrap().parse_name(&name).unwrap();
        prop_assert_eq!((found.frequency_hz, found.index), (Some(f64::from(hz) / 10.0), Some(index)));
    }
}
