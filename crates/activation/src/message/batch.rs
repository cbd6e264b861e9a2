//! Which steps of an order go into one message: all of one system, unless one of them has to wait for another system that
//! itself waits for this one; then that one and what follows it go into the next message.

/// The number of the message for each step of ours, by position; `None` for steps of others. `after` are the steps that
/// each step waits for, `mine` those that the system does.
pub fn batches(after: &[Vec<usize>], mine: &[bool]) -> Vec<Option<i64>> {
    let mut number = vec![0i64; after.len()];
    // As many rounds as the longest chain; a circle (which never runs) ends with them.
    for _ in 0..after.len() {
        let mut changed = false;
        for step in 0..after.len() {
            let least = after[step].iter().filter(|a| **a < after.len()).map(|&a| match (mine[a], mine[step]) {
                (true, false) => number[a] + 1,
                _ => number[a],
            });
            let least = least.max().unwrap_or(0).min(after.len() as i64);
            if least > number[step] {
                (number[step], changed) = (least, true);
            }
        }
        if !changed {
            break;
        }
    }
    mine.iter().zip(number).map(|(mine, n)| mine.then_some(n)).collect()
}

#[cfg(test)]
mod tests {
    use super::batches;

    #[test]
    fn one_message_holds_what_waits_only_for_itself_and_for_what_was_before() {
        // 0 begin · 1 assign · 2, 3 ours after 1 · 4 ours after 2
        let after = [vec![], vec![0], vec![1], vec![1], vec![2]];
        let mine = [false, false, true, true, true];
        assert_eq!(batches(&after, &mine), [None, None, Some(0), Some(0), Some(0)]);
    }

    #[test]
    fn what_waits_for_another_system_that_waits_for_us_goes_into_the_next() {
        // ours → theirs → ours
        let after = [vec![], vec![0], vec![1]];
        assert_eq!(batches(&after, &[true, false, true]), [Some(0), None, Some(1)]);
    }

    #[test]
    fn a_circle_does_not_hang() {
        assert_eq!(batches(&[vec![1], vec![0]], &[true, false]).len(), 2);
    }
}
