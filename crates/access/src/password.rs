//! Passwords: what is acceptable, how they are kept, how they are checked.

use crate::problems;
use argon2::{
    Algorithm, Argon2, Params, PasswordVerifier, Version,
    password_hash::{PasswordHash, PasswordHasher, SaltString},
};
use kernel::{Env, Problem, Result};
use std::collections::HashSet;
use tokio::sync::Semaphore;

/// 32 MiB, 2 passes, 1 lane: above what OWASP asks at least (19 MiB, 2 passes). Measured 46 ms on one core, release build.
const MEMORY_KIB: u32 = 32 * 1024;
const PASSES: u32 = 2;
/// So many hashes at once: more would only take memory, and a flood of log-ins must not starve everything else.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A password that passed the rules, as it is kept.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Checks the rules and hashes. Takes tens of milliseconds: call it outside of transactions.
    pub fn new(env: &Env, text: &str, login: &str, min_length: i64) -> Result<Self> {
        check(text, login, min_length)?;
        let mut salt = [0u8; 16];
        env.random(&mut salt);
        let salt = SaltString::encode_b64(&salt).map_err(Problem::internal)?;
        let hash = hasher()?.hash_password(text.as_bytes(), &salt).map_err(Problem::internal)?;
        Ok(Self(hash.to_string()))
    }
    /// [`new`](Self::new) on a thread that may be busy for a while.
    pub async fn make(env: &Env, text: &str, login: &str, min_length: i64) -> Result<Self> {
        let _turn = AT_ONCE.acquire().await.map_err(Problem::internal)?;
        let (env, text, login) = (env.clone(), text.to_owned(), login.to_owned());
        let made = tokio::task::spawn_blocking(move || Self::new(&env, &text, &login, min_length));
        made.await.map_err(Problem::internal)?
    }
    pub fn as_hash(&self) -> &str {
        &self.0
    }
}

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(Problem::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Compares with the stored hash. Without one (nobody has the login) it works as long and says no.
pub async fn verify(text: &str, hash: Option<String>) -> Result<bool> {
    /// The hash of a password that nobody knows, with our parameters.
    const NOBODY: &str =
        "$argon2id$v=19$m=32768,t=2,p=1$bm9ib2R5IGhhcyB0aGlz$2rqZ0b5kP8m3l0m1o0m4y1J6m1f0c4m1b2J0cV9n0xk";
    let _turn = AT_ONCE.acquire().await.map_err(Problem::internal)?;
    let text = text.to_owned();
    let known = hash.is_some();
    let work = move || {
        let stored = hash.as_deref().unwrap_or(NOBODY);
        let stored = PasswordHash::new(stored).map_err(Problem::internal)?;
        Ok(hasher()?.verify_password(text.as_bytes(), &stored).is_ok() && known)
    };
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}

/// Length, lists of leaked passwords, and nothing that can be guessed from the login.
fn check(text: &str, login: &str, min_length: i64) -> Result<()> {
    let weak = |zh: &str, en: &str| {
        let problem = Problem::new(&problems::PASSWORD_WEAK).field("password").with("why", zh);
        Err(problem.with("why_en", en).with("length", &min_length.to_string()))
    };
    let length = text.chars().count();
    if (length as i64) < min_length {
        return weak("太短", "too short");
    }
    if length > 128 || text.contains('\0') {
        return weak("太长或含不可用字符", "too long, or with characters that cannot be used");
    }
    let lower = text.to_lowercase();
    if is_leaked(text, login) {
        return weak("出现在已泄露密码名单中", "it is on the list of leaked passwords");
    }
    let distinct = lower.chars().collect::<HashSet<_>>().len();
    if distinct < 5 || is_run(&lower) {
        return weak("字符过于单调", "too few different characters");
    }
    if login.len() >= 3 && lower.replace(login, "").chars().count() < 6 {
        return weak("与账号过于相似", "too much like the login");
    }
    Ok(())
}

/// On the lists of leaked passwords, or so near to one (spelling, ends, keyboard rows, dates, the login) that a guesser who
/// has the lists is there at once. The lists and the estimate are zxcvbn's: score 0 or 1 means fewer than 10⁶ guesses.
fn is_leaked(text: &str, login: &str) -> bool {
    let known: Vec<&str> = LOCAL_WORDS.split(' ').chain([login]).collect();
    zxcvbn::zxcvbn(text, &known).score() < zxcvbn::Score::Two
}

/// What people here build passwords on and English lists rank too low: love numbers, service numbers, the trade's names.
const LOCAL_WORDS: &str = "woaini woaiwojia 5201314 1314520 1314 520 mima zhongguo china beijing shanghai \
                           yidong liantong dianxin 10086 10010 10000 yitai kefu yingye";

/// `abcdefghij`, `9876543210`: each character follows its neighbour.
fn is_run(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps: Vec<i64> = codes.windows(2).map(|w| w[1] - w[0]).collect();
    let runs = steps.iter().filter(|s| matches!(s, -1..=1)).count();
    !steps.is_empty() && runs * 10 >= steps.len() * 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_and_good_ones_are_not() {
        for bad in [
            "short",
            "password123",
            "P@ssw0rd123",
            "1234567890",
            "abcdefghijk",
            "aaaaaaaaaaaa",
            "woaini1314520",
            "Admin12345",
            "zhangsan99",
            "qwertyuiop!!",
        ] {
            assert!(check(bad, "zhangsan", 10).is_err(), "{bad}");
        }
        for good in ["demo-Clerk-1", "correct horse battery", "龙井茶配桂花糕真不错呀", "gT7#kq-92Lm"] {
            assert!(check(good, "clerk", 10).is_ok(), "{good}");
        }
    }

    #[tokio::test]
    async fn only_the_right_password_fits_and_nobody_has_none() {
        let env = Env::seeded(kernel::Clock::fixed(kernel::Timestamp::from_micros(0)), 7);
        let kept = Password::new(&env, "gT7#kq-92Lm", "clerk", 10).unwrap();
        assert!(kept.as_hash().starts_with("$argon2id$"));
        assert!(verify("gT7#kq-92Lm", Some(kept.as_hash().to_owned())).await.unwrap());
        assert!(!verify("gT7#kq-92Ln", Some(kept.as_hash().to_owned())).await.unwrap());
        assert!(!verify("anything", None).await.unwrap());
    }
}
