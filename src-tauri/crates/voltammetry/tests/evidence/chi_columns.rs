//! Columns of CHI text files, only as far as the reference peaks need them.

use voltammetry::Sweep;

/// The difference current of one channel over potential, in time order.
pub fn difference(text: &str, channel: u32) -> Sweep {
    let mut lines = text.lines().skip_while(|line| !line.starts_with("Potential/V"));
    let header = lines.next().expect("a column header");
    let wanted = format!("i{channel}d/A");
    let column = header
        .split(',')
        .position(|name| name.trim() == wanted)
        .expect("the channel's column");
    let (mut potential_v, mut current_a) = (Vec::new(), Vec::new());
    for line in lines {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let parsed = fields
            .first()
            .zip(fields.get(column))
            .map(|(v, a)| (v.parse(), a.parse()));
        if let Some((Ok(potential), Ok(current))) = parsed {
            potential_v.push(potential);
            current_a.push(current);
        }
    }
    Sweep::new(potential_v, current_a).unwrap()
}
