//! rsigma's parser: every file of Sigma rules to typed rules.

#[path = "../../../../common/clock.rs"]
#[allow(dead_code, reason = "the benches of Crosswalk use more of it")]
mod clock;

use std::hint::black_box;

use rsigma_parser::parse_sigma_yaml;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [job, folder, rounds] = arguments.as_slice() else {
        eprintln!("usage: rsigma-peer JOB DIR ROUNDS");
        std::process::exit(2);
    };
    let text = std::fs::read_to_string(format!("{folder}/sigma.json")).expect("prepared inputs");
    let files: Vec<(String, String)> = serde_json::from_str(&text).expect("a list of texts");
    let loaded = clock::peak_kib();
    let (mut cpu, mut done, mut peak) = (Vec::new(), 0, 0);
    for round in 0..rounds.parse().unwrap_or(1).max(1) {
        let (number, time) = clock::timed(|| files.iter().filter(|(_, text)| reads(text)).count());
        cpu.push(time.as_secs_f64());
        done = number;
        if round == 0 {
            peak = clock::peak_kib();
        }
    }
    let row = serde_json::json!({
        "job": job, "items": files.len(), "done": done, "cpu_seconds": cpu,
        "peak_kib": peak, "loaded_kib": loaded,
    });
    println!("{row}");
}

/// Whether rules came out, without an error.
fn reads(text: &str) -> bool {
    black_box(parse_sigma_yaml(text)).is_ok_and(|found| found.errors.is_empty())
}
