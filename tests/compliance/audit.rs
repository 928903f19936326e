//! The audit of the shipped rules, and of rules with one fault each.

use crosswalk::compliance::{Audit, Detector, Place, Scope, Search, State};
use crosswalk::config::Target;
use crosswalk::rule::RuleSet;
use crosswalk::rule::controls::framework;

use crate::common::cloudtrail::{built, our_rules};

fn detectors(set: &RuleSet) -> Vec<Detector> {
    let built = built(set);
    let mut detectors = Detector::all(set);
    for (detector, made) in detectors.iter_mut().zip(&built.rules) {
        assert_eq!(detector.title, made.title);
        for target in [Target::Elastic, Target::Datadog, Target::Sigma] {
            detector.add_output(made.output(target).expect("built"));
        }
    }
    detectors
}

#[test]
fn show() {
    let set = our_rules();
    let cis = framework("cis-aws-foundations").expect("shipped");
    let time = std::time::Instant::now();
    let audit = Audit::of(&detectors(&set), &Scope::all(cis), &Search);
    eprintln!("{:?}", time.elapsed());
    for version in &audit.versions {
        for control in &version.controls {
            let cells: Vec<String> = control
                .places
                .iter()
                .map(|p| {
                    format!(
                        "{} {} {:?} {:?}",
                        p.place.name(),
                        p.fraction(),
                        p.grade(),
                        p.relations.iter().map(|r| (r.rule, r.relation)).collect::<Vec<_>>()
                    )
                })
                .collect();
            if version.version == "7.0.0" || control.slug.starts_with("sec") {
                eprintln!("{} {} | {}", control.control, control.slug, cells.join(" | "));
            }
            for place in &control.places {
                for part in &place.parts {
                    if version.version == "7.0.0"
                        && part.state != State::Covered
                        && place.place != Place::Sigma
                    {
                        eprintln!("   {:?} {part:?}", place.place);
                        break;
                    }
                }
            }
        }
    }
}
