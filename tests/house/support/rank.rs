//! The rank test of Mann and Whitney: whether one of two samples tends to be larger than the other.
//! Source: Mann, Whitney (1947); Hollander, Wolfe, Nonparametric Statistical Methods, chapter 4 (ties).
//!
//! Own code: a library of statistics for one formula would be the larger thing to trust.

/// The two-sided probability of samples that differ as much or more although nothing distinguishes them;
/// by the normal approximation with corrections for ties and continuity. For samples of a few or more.
pub fn mann_whitney(first: &[f64], second: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> =
        first.iter().map(|value| (*value, true)).chain(second.iter().map(|value| (*value, false))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut rank_sum, mut ties, mut start) = (0.0, 0.0, 0);
    while start < all.len() {
        let alike =
            all[start..].iter().take_while(|(value, _)| value.total_cmp(&all[start].0).is_eq()).count();
        // All of one value share the middle of their ranks, which count from one.
        let rank = float(start) + float(alike + 1) / 2.0;
        let ours = all[start..start + alike].iter().filter(|(_, ours)| *ours).count();
        rank_sum += rank * float(ours);
        ties += float(alike).powi(3) - float(alike);
        start += alike;
    }
    let (m, n) = (float(first.len()), float(second.len()));
    let total = m + n;
    let u = rank_sum - m * (m + 1.0) / 2.0;
    let variance = m * n / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    let distance = ((u - m * n / 2.0).abs() - 0.5).max(0.0);
    if variance <= 0.0 { 1.0 } else { erfc(distance / variance.sqrt() / std::f64::consts::SQRT_2) }
}

#[expect(clippy::cast_precision_loss, reason = "sizes of samples, far below 2^52")]
const fn float(count: usize) -> f64 {
    count as f64
}

/// The complementary error function for arguments from zero on, to seven figures.
/// Source: Abramowitz, Stegun, Handbook of Mathematical Functions, 7.1.28.
fn erfc(x: f64) -> f64 {
    let terms = [
        0.070_523_078_4,
        0.042_282_012_3,
        0.009_270_527_2,
        0.000_152_014_3,
        0.000_276_567_2,
        0.000_043_063_8,
    ];
    let sum = terms.iter().rev().fold(0.0, |sum, term| (sum + term) * x);
    (1.0 + sum).powi(-16)
}

#[test]
fn the_rank_test_gives_what_is_published() {
    let near =
        |found: f64, published: f64| assert!((found - published).abs() < 1e-5, "{found}, not {published}");
    // The example of SciPy's documentation of `mannwhitneyu`: age at diagnosis of diabetes.
    near(mann_whitney(&[19.0, 22.0, 16.0, 29.0, 24.0], &[20.0, 11.0, 17.0, 12.0]), 0.111_346_886);
    // With ties: "Student's" sleep data, in R: wilcox.test(extra ~ group, data = sleep).
    let drug = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    let other = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    near(mann_whitney(&drug, &other), 0.069_327_58);
    near(mann_whitney(&other, &drug), 0.069_327_58);
    assert!(mann_whitney(&[1.0; 9], &[1.0; 9]) > 0.999, "samples that are all alike");
    let (low, high): (Vec<f64>, Vec<f64>) = (0..50).map(|n| (f64::from(n), f64::from(n + 200))).unzip();
    assert!(mann_whitney(&low, &high) < 1e-9, "samples apart");
}
