//! The named steps of a task: each runs even if another failed, and all are reported at the end.

use crate::failure::{Failure, Outcome};
use crate::test_counts::Counts;
use std::time::{Duration, Instant};

/// What came of each step.
#[derive(Debug, Default)]
pub struct Steps {
    /// Names of the only steps to run; empty for all.
    wanted: Vec<String>,
    done: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    name: &'static str,
    result: Result<Option<Counts>, String>,
    took: Duration,
}

impl Steps {
    /// All steps, or only those named.
    ///
    /// # Errors
    /// A name that is none of `known`.
    pub fn new(wanted: &[String], known: &[&str]) -> Outcome<Self> {
        if let Some(unknown) = wanted.iter().find(|name| !known.contains(&name.as_str())) {
            return Err(Failure::usage(
                &format!("there is no step `{unknown}`"),
                &format!("Steps: {}\n", known.join(", ")),
            ));
        }
        Ok(Self {
            wanted: wanted.to_vec(),
            done: Vec::new(),
        })
    }

    /// Whether a step is to be run.
    pub fn wants(&self, name: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|wanted| wanted == name)
    }

    /// Runs a step if it is wanted; `false` if it failed. Only an interruption ends the task.
    pub fn run(&mut self, name: &'static str, step: impl FnOnce() -> Outcome<Option<Counts>>) -> Outcome<bool> {
        if !self.wants(name) {
            return Ok(true);
        }
        println!("\n=== {name}");
        let started = Instant::now();
        let result = match step() {
            Err(failure) if failure.is_interrupted() => return Err(failure),
            Err(failure) => {
                eprintln!("{name}: {failure}");
                Err(failure.to_string())
            }
            Ok(counts) => Ok(counts),
        };
        let passed = result
            .as_ref()
            .is_ok_and(|counts| counts.is_none_or(|counts| counts.failed == 0));
        self.done.push(Step {
            name,
            result,
            took: started.elapsed(),
        });
        Ok(passed)
    }

    /// Notes a step that cannot run because another failed: that is a failure too, never a silent omission.
    pub fn cannot_run(&mut self, name: &'static str, reason: &str) {
        if self.wants(name) {
            self.done.push(Step {
                name,
                result: Err(format!("not run: {reason}")),
                took: Duration::ZERO,
            });
        }
    }

    /// Notes a step that does not exist on this system.
    pub fn leave_out(&mut self, name: &'static str, reason: &str) {
        if self.wants(name) {
            println!("\n=== {name}: left out, {reason}");
        }
    }

    /// Prints the table and the sum; a failure if any step failed.
    pub fn report(&self) -> Outcome {
        println!("\n{}", self.table());
        let mut sum = Counts::default();
        for step in &self.done {
            sum += step.result.as_ref().ok().copied().flatten().unwrap_or_default();
        }
        let failed: Vec<&str> = self
            .done
            .iter()
            .filter(|step| !step.passed())
            .map(|step| step.name)
            .collect();
        if sum != Counts::default() {
            println!("{} passed, {} failed", sum.passed, sum.failed);
        }
        if failed.is_empty() {
            Ok(())
        } else {
            Err(Failure::new(format!("failed: {}", failed.join(", "))))
        }
    }

    fn table(&self) -> String {
        let row = |name: &str, took: Duration, counts: Option<Counts>, result: &str| {
            let (passed, failed) = counts
                .map(|counts| (counts.passed.to_string(), counts.failed.to_string()))
                .unwrap_or_default();
            format!(
                "{name:<18} {:>9.1}  {passed:>7} {failed:>7}  {result}\n",
                took.as_secs_f64()
            )
        };
        let total = self.done.iter().map(|step| step.took).sum();
        let heading = format!(
            "{:<18} {:>9}  {:>7} {:>7}  result\n",
            "step", "seconds", "passed", "failed"
        );
        let rows = self.done.iter().map(|step| {
            let counts = step.result.as_ref().ok().copied().flatten();
            let result = match &step.result {
                Err(reason) if reason.starts_with("not run") => reason,
                _ if step.passed() => "ok",
                _ => "FAILED",
            };
            row(step.name, step.took, counts, result)
        });
        std::iter::once(heading)
            .chain(rows)
            .chain([row("all", total, None, "")])
            .collect()
    }
}

impl Step {
    fn passed(&self) -> bool {
        self.result
            .as_ref()
            .is_ok_and(|counts| counts.is_none_or(|counts| counts.failed == 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failure_fails_the_task_but_not_the_other_steps() {
        let mut steps = Steps::new(&[], &["a", "b", "c"]).unwrap();
        assert!(!steps.run("a", || Err(Failure::new("broken"))).unwrap());
        assert!(steps.run("b", || Ok(Some(Counts { passed: 3, failed: 0 }))).unwrap());
        steps.cannot_run("c", "a failed");
        let failure = steps.report().unwrap_err();
        assert_eq!(failure.to_string(), "failed: a, c");
        assert!(steps.table().contains("not run: a failed"));
    }

    #[test]
    fn failed_tests_fail_their_step_even_if_the_runner_does_not() {
        let mut steps = Steps::default();
        assert!(!steps.run("a", || Ok(Some(Counts { passed: 3, failed: 1 }))).unwrap());
        assert!(steps.report().is_err());
    }

    #[test]
    fn only_the_named_steps_run() {
        let mut steps = Steps::new(&["b".to_owned()], &["a", "b"]).unwrap();
        assert!(steps.run("a", || panic!("not wanted")).unwrap());
        assert!(steps.run("b", || Ok(None)).unwrap());
        assert!(steps.report().is_ok());
        assert_eq!(Steps::new(&["z".to_owned()], &["a"]).unwrap_err().exit_code(), 2);
    }

    #[test]
    fn an_interruption_ends_the_task() {
        assert!(
            Steps::default()
                .run("a", || Err(Failure::interrupted()))
                .unwrap_err()
                .is_interrupted()
        );
    }
}
