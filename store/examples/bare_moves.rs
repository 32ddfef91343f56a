//! Prints how many cards a second one person moves in a database, with nothing around the statements: no requests, no
//! session, no page. `cargo xtask bench` sets the server beside it.

use std::error::Error;
use std::time::{Duration, Instant};

use shared::accounts::Login;
use shared::board::MoveForm;
use shared::email::EmailAddress;
use store::{Clock, Store};

/// How long it moves.
const TIME: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    // In a task, as requests are: `main` itself would wait for SQLite's thread on one of its own.
    println!("{:.0}", tokio::spawn(moves_per_second(std::env::args().skip(1).collect())).await??);
    Ok(())
}

async fn moves_per_second(told: Vec<String>) -> Result<f64, Box<dyn Error + Send + Sync>> {
    let mut told = told.into_iter();
    let mut told = || told.next().ok_or("Name a database, an address and a password.");
    let store = Store::connect(&told()?, Clock::system()).await?;
    let login = Login { email: EmailAddress::parse(&told()?).map_err(|_| "That is no address.")?, password: told()? };
    let session = store.visitor().log_in(login, [127, 0, 0, 1].into()).await?;
    let person = store.signed_in(session.token.as_str()).await?;
    let board = person.board("introlop").await?;
    let [first, second, ..] = board.columns.as_slice() else { return Err("The track has too few phases.".into()) };
    let (Some(card), Some(staying), Some(above)) = (first.cards.first(), first.cards.get(1), second.cards.first())
    else {
        return Err("There are too few cards.".into());
    };
    let places = [(second.phase.id, above.id), (first.phase.id, staying.id)];
    let (start, mut version, mut moves) = (Instant::now(), card.version, 0);
    while start.elapsed() < TIME {
        for (to, after) in places {
            let wish =
                MoveForm { enrolment: Some(card.id), version, to: Some(to), after: Some(after), ..MoveForm::default() };
            person.move_card(&wish).await?;
            version += 1;
            moves += 1;
        }
    }
    let per_second = f64::from(moves) / start.elapsed().as_secs_f64();
    store.close().await?;
    Ok(per_second)
}
