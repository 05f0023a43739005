//! The phone rings. What is said is kept while it is said, on any desk, and a call ends with a promise.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use journeys::at::At;
use journeys::browser::Browser;
use journeys::program::Center;
use journeys::visitor::Visitor;
use thirtyfour::extensions::query::ElementQueryable;
use thirtyfour::{By, Key};

use crate::signed_out_while_writing::an_hour_passes;

/// Hands on a keyboard, and how many keys they pressed that are no words.
struct Hands<'a> {
    browser: &'a Browser,
    keys: usize,
    letters: usize,
}

impl Hands<'_> {
    async fn types(&mut self, words: &str) -> Result<()> {
        self.letters += words.chars().count();
        Ok(self.browser.driver.action_chain().send_keys(words).perform().await?)
    }

    async fn presses(&mut self, held: Option<Key>, key: impl Into<char>) -> Result<()> {
        self.keys += 1;
        let (chain, key) = (self.browser.driver.action_chain(), key.into());
        let chain = match held {
            Some(held) => chain.key_down(held.clone()).key_down(key).key_up(key).key_up(held),
            None => chain.key_down(key).key_up(key),
        };
        Ok(chain.perform().await?)
    }

    /// With the hands in the safety questions: each is asked aloud and answered with a letter. How many there were.
    async fn says_no_to_each(&mut self) -> Result<usize> {
        let questions = self.browser.driver.find_all(By::Css(".triage li")).await?.len();
        for _ in 0..questions {
            self.presses(None, 'n').await?;
        }
        let open = "return [...document.querySelectorAll('.triage li')].filter(li => !li.querySelector(':checked')).length";
        let open = self.browser.driver.execute(open, vec![]).await?;
        ensure!(open.json() == 0, "{} safety questions have no answer", open.json());
        Ok(questions)
    }
}

/// Each safety question that is still open is put and answered with no.
pub const EACH_IS_ASKED: &str = "for (const row of document.querySelectorAll('.triage li')) {
    if (!row.querySelector(':checked')) row.querySelector('[value=no]').click();
}";

pub async fn signed_in(center: &Center, name: &str) -> Result<Browser> {
    let browser = Browser::open().await?;
    browser.driver.goto(center.url("/sign-in")).await?;
    browser.driver.find(By::Id("name")).await?.send_keys(name).await?;
    browser.driver.find(By::Id("password")).await?.send_keys("a sample pass phrase").await?;
    browser.press("form.sheet button").await?;
    browser.driver.query(By::Css("nav.rail")).first().await?;
    Ok(browser)
}

/// Waits until the sheet says this about having been saved.
async fn says(browser: &Browser, words: &str) -> Result<()> {
    for _ in 0..200 {
        if browser.driver.find(By::Id("call-saved")).await?.text().await?.starts_with(words) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let said = browser.driver.find(By::Id("call-saved")).await?.text().await?;
    anyhow::bail!("the sheet says {said:?} and not {words:?}")
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_ring_to_a_promise_by_keyboard_alone() -> Result<()> {
    let center = Center::demo().await?;
    let browser = signed_in(&center, "ana").await?;
    browser.look(1280, false).await?;
    let rings = Instant::now();
    let mut hands = Hands { browser: &browser, keys: 0, letters: 0 };
    let (alt, tab) = (Some(Key::Alt), Key::Tab);
    browser.driver.execute("window.pressed = true", vec![]).await?;
    hands.presses(None, 'c').await?;
    browser.next_page().await?;
    // Nobody types before they see where.
    browser.driver.query(By::Css("#phone:focus")).first().await?;
    hands.types("212 555 0187").await?;
    let number = stands_in(&browser, "phone").await?;
    ensure!(number == "212 555 0187", "of the number stands {number:?}");
    hands.presses(None, tab.clone()).await?;
    hands.types("at home").await?;
    hands.presses(alt.clone(), '2').await?;
    hands.types("I want to stop and I do not know how to begin.").await?;
    hands.presses(alt.clone(), '3').await?;
    let answers = hands.says_no_to_each().await?;
    hands.presses(alt.clone(), '4').await?;
    hands.presses(None, ' ').await?;
    hands.presses(None, tab.clone()).await?;
    hands.types("Theo").await?;
    hands.presses(alt.clone(), '5').await?;
    hands.presses(None, ' ').await?;
    hands.presses(None, tab.clone()).await?;
    hands.presses(None, ' ').await?;
    hands.presses(alt, '0').await?;
    hands.types("Assessment with Dr. Osei").await?;
    hands.presses(None, tab.clone()).await?;
    let tomorrow = center.today()? + chrono::Days::new(1);
    hands.types(&tomorrow.format("%m%d%Y").to_string()).await?;
    hands.presses(None, tab).await?;
    hands.types("0900AM").await?;
    browser.driver.execute("window.pressed = true", vec![]).await?;
    hands.presses(Some(Key::Control), Key::Enter).await?;
    browser.next_page().await?;
    let page = browser.driver.find(By::Css("main")).await?.text().await?;
    for words in ["Theo", "Assessment with Dr. Osei", "I want to stop and I do not know how to begin."] {
        ensure!(page.contains(words), "{words} is not on the page of the request:\n{page}");
    }
    let (keys, letters) = (hands.keys, hands.letters);
    println!(
        "a call by keyboard: {keys} keys beyond {letters} typed characters, {:.1} s",
        rings.elapsed().as_secs_f64()
    );
    // Every safety question was put, and its answer is one letter.
    ensure!(keys - answers < 40, "{keys} keys, {answers} of them answers");
    browser.close().await
}

/// Under a finger that stays the letter repeats, and on a busy machine it arrives when the next page is there already.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_leads_to_the_sheet_is_not_written_into_it() -> Result<()> {
    let center = Center::demo().await?;
    let browser = signed_in(&center, "ana").await?;
    browser.look(1280, false).await?;
    browser.driver.execute("window.pressed = true", vec![]).await?;
    for _ in 0..3 {
        browser.driver.action_chain().key_down('c').perform().await?;
    }
    tokio::time::sleep(Duration::from_millis(400)).await;
    let still = browser.driver.execute("return window.pressed === true", vec![]).await?;
    ensure!(still.json() == true, "it leads on while the key is down");
    browser.driver.action_chain().key_up('c').perform().await?;
    browser.next_page().await?;
    browser.driver.query(By::Css("#phone:focus")).first().await?;
    let number = stands_in(&browser, "phone").await?;
    ensure!(number.is_empty(), "{number:?} stands in the number");
    browser.close().await
}

/// The processor of the page is six times slower than this one.
async fn slow(browser: &Browser) -> Result<()> {
    let rate = serde_json::json!({ "rate": 6 });
    browser.driver.cdp().send_raw("Emulation.setCPUThrottlingRate", rate).await?;
    Ok(())
}

/// What stands in a field.
async fn stands_in(browser: &Browser, id: &str) -> Result<String> {
    Ok(browser.driver.find(By::Id(id)).await?.value().await?.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_busy_machine_every_key_arrives_and_stays() -> Result<()> {
    let center = Center::demo().await?;
    let browser = signed_in(&center, "ana").await?;
    browser.look(1280, false).await?;
    slow(&browser).await?;
    let mut hands = Hands { browser: &browser, keys: 0, letters: 0 };
    browser.driver.execute("window.pressed = true", vec![]).await?;
    hands.presses(None, 'c').await?;
    browser.next_page().await?;
    // He says the number in two breaths: the sheet saves itself while the rest of it is typed.
    hands.types("212 555").await?;
    tokio::time::sleep(Duration::from_millis(2050)).await;
    for part in [" 0", "1", "87"] {
        hands.types(part).await?;
    }
    hands.presses(None, Key::Tab).await?;
    hands.types("at home, ").await?;
    tokio::time::sleep(Duration::from_millis(2050)).await;
    hands.types("18 Alder Court").await?;
    hands.presses(Some(Key::Alt), '2').await?;
    hands.types("I want to stop.").await?;
    for (id, words) in
        [("phone", "212 555 0187"), ("place", "at home, 18 Alder Court"), ("words", "I want to stop.")]
    {
        let stands = stands_in(&browser, id).await?;
        ensure!(stands == words, "{id} is {stands:?}");
    }
    // She parks it at once, while a save may still be on its way: what is kept is the last word and not the first.
    browser.press("[formaction='/call/parking']").await?;
    browser.press("a[href^='/call/0']").await?;
    for (id, words) in [("phone", "212 555 0187"), ("words", "I want to stop.")] {
        let stands = stands_in(&browser, id).await?;
        ensure!(stands == words, "{id} was kept as {stands:?}");
    }
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_types_before_the_page_is_ready_keeps_the_hands_where_they_are() -> Result<()> {
    let center = Center::demo().await?;
    let browser = signed_in(&center, "ana").await?;
    browser.look(1280, false).await?;
    slow(&browser).await?;
    // The page can be seen, its scripts are still on their way: she is in a field already and types.
    let fast = "addEventListener('readystatechange', () => {
        const place = document.getElementById('place');
        if (document.readyState !== 'interactive' || !place) return;
        place.focus();
        document.execCommand('insertText', false, 'on the 7');
    }, true);";
    let tools = browser.driver.cdp();
    let source = serde_json::json!({ "source": fast });
    tools.send_raw("Page.addScriptToEvaluateOnNewDocument", source).await?;
    browser.driver.goto(center.url("/call")).await?;
    let mut hands = Hands { browser: &browser, keys: 0, letters: 0 };
    hands.types(" bus").await?;
    ensure!(stands_in(&browser, "place").await? == "on the 7 bus", "{}", stands_in(&browser, "place").await?);
    ensure!(stands_in(&browser, "phone").await?.is_empty(), "the words went to another field");
    says(&browser, "Saved").await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_man_in_withdrawal_is_seen_by_everyone_while_he_talks_and_goes_to_a_hospital() -> Result<()> {
    let center = Center::demo().await?;
    let browser = signed_in(&center, "ana").await?;
    browser.driver.goto(center.url("/call")).await?;
    browser.driver.find(By::Id("name")).await?.send_keys("Walter").await?;
    browser.driver.find(By::Id("place")).await?.send_keys("18 Alder Court").await?;
    let yes =
        "for (const q of ['daily', 'signs_now']) document.querySelector(`[name=q_${q}][value=yes]`).click()";
    browser.driver.execute(yes, vec![]).await?;
    says(&browser, "Saved").await?;
    let advice =
        browser.driver.query(By::XPath("//*[@id='call-advice'][contains(., '911')]")).first().await?;
    let advice = advice.text().await?;
    ensure!(advice.contains("Emergency") && advice.contains("18 Alder Court"), "{advice}");
    let mut ben = Visitor::signed_in(&center, "ben").await?;
    ben.get("/inbox").await?;
    ensure!(
        ben.between("Safety first", "</ol>").is_some_and(|group| group.contains(">Walter</a>")),
        "Ben does not see him"
    );

    // Nobody hangs up before somebody acted.
    browser.press("[data-finish]").await?;
    let problem = browser.driver.find(By::Css(".problem")).await?.text().await?;
    ensure!(problem.contains("Enter what was done about the danger"), "{problem}");
    let place = browser.driver.find(By::Id("place")).await?.value().await?;
    ensure!(place.as_deref() == Some("18 Alder Court"), "{place:?}");

    // 911 was called while his wife stays with him. The rest is asked, and the call ends with what became of him.
    let at = At { browser: &browser, center: &center };
    at.fill("acted", "911 called at 2:10. His wife is with him until they come.").await?;
    browser.driver.execute(EACH_IS_ASKED, vec![]).await?;
    at.fill("disposition", "ed_sent").await?;
    at.choose("check_in", "yes").await?;
    browser.press("[data-finish]").await?;
    at.sees("Closed: went to an emergency department.").await?;
    let request = at.path().await?;
    at.sees("asked the safety questions").await?;
    let call =
        browser.driver.find(By::Css("a[href^='/call/0']")).await?.attr("href").await?.unwrap_or_default();
    at.open(&call).await?;
    at.sees("911 called at 2:10.").await?;
    // He allowed it: somebody asks how it goes.
    at.open(&request).await?;
    at.sees("They said we may. Next:").await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_call_goes_on_in_another_browser_with_every_word() -> Result<()> {
    let center = Center::demo().await?;
    let ana = signed_in(&center, "ana").await?;
    let hers = At { browser: &ana, center: &center };
    hers.open("/call").await?;
    ana.driver.find(By::Id("name")).await?.send_keys("Odette").await?;
    ana.driver.find(By::Id("phone")).await?.send_keys("212 555 0177").await?;
    ana.driver.find(By::Id("words")).await?.send_keys("I am on a bus and I do not want to get off").await?;
    says(&ana, "Saved").await?;
    ana.press("[formaction='/call/parking']").await?;
    hers.sees("Call back: the line was cut").await?;
    let request = hers.path().await?;
    ana.close().await?;

    // Ten minutes later she is called back from another desk.
    let ben = signed_in(&center, "ben").await?;
    let his = At { browser: &ben, center: &center };
    his.open(&request).await?;
    his.sees("Call back: the line was cut").await?;
    ben.driver.find(By::Css("a[href^='/call/0']")).await?.click().await?;
    ben.driver.query(By::Id("words")).first().await?;
    let words = ben.driver.find(By::Id("words")).await?;
    ensure!(words.value().await?.is_some_and(|text| text.starts_with("I am on a bus")), "her words are gone");
    words.send_keys(". She got off.").await?;
    says(&ben, "Saved").await?;
    ben.driver.execute(EACH_IS_ASKED, vec![]).await?;
    his.fill("next_step", "Ana meets her at the door").await?;
    his.fill("next_step_at", &format!("{}T09:00", center.today()? + chrono::Days::new(1))).await?;
    ben.press("[data-finish]").await?;
    his.sees("Next: Ana meets her at the door").await?;
    his.sees("She got off.").await?;
    ben.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_saved_says_so_and_is_saved_after_signing_in_again() -> Result<()> {
    let center = Center::demo().await?;
    let browser = signed_in(&center, "ana").await?;
    browser.driver.goto(center.url("/call")).await?;
    let words = browser.driver.find(By::Id("words")).await?;
    words.send_keys("He left on Friday.").await?;
    says(&browser, "Saved").await?;
    let sheet = browser.driver.current_url().await?.path().to_owned();
    ensure!(sheet.starts_with("/call/0"), "{sheet}");
    an_hour_passes(&center).await?;
    words.send_keys(" She has not slept since.").await?;
    says(&browser, "Not saved").await?;

    let here = browser.driver.window().await?;
    let other = browser.driver.new_tab().await?;
    browser.driver.switch_to_window(other).await?;
    browser.driver.goto(center.url("/sign-in")).await?;
    browser.driver.find(By::Id("name")).await?.send_keys("ana").await?;
    browser.driver.find(By::Id("password")).await?.send_keys("a sample pass phrase").await?;
    browser.press("form.sheet button").await?;
    browser.driver.switch_to_window(here).await?;
    says(&browser, "Saved").await?;
    let mut ben = Visitor::signed_in(&center, "ben").await?;
    ben.get(&sheet).await?;
    ensure!(ben.sees("He left on Friday. She has not slept since."), "it was not saved");
    browser.close().await
}

/// The fields a page without script sends with every save.
fn sheet<'a>(visitor: &'a Visitor, fields: &[(&'a str, &'a str)]) -> Result<Vec<(String, String)>> {
    let mut sent = Vec::new();
    for name in ["submission", "desk", "version", "turn"] {
        sent.push((name.to_owned(), visitor.hidden(name).context(name)?.to_owned()));
    }
    sent.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Ok(sent)
}

pub async fn sends(visitor: &mut Visitor, to: &str, fields: &[(&str, &str)]) -> Result<()> {
    let sent = sheet(visitor, fields)?;
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visitor.press(to, &sent).await?;
    Ok(())
}

#[tokio::test]
async fn a_call_that_was_cut_goes_on_at_another_desk_without_script() -> Result<()> {
    let center = Center::demo().await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/call").await?;
    sends(
        &mut ana,
        "/call/parking",
        &[("name", "Maya"), ("phone", "not yet"), ("words", "My partner must not know.")],
    )
    .await?;
    ensure!(ana.path.starts_with("/inbox/CR-") && ana.sees("The call is parked."), "{}", ana.path);
    ensure!(ana.sees("Call back: the line was cut"));
    let request = ana.path.clone();

    let mut ben = Visitor::signed_in(&center, "ben").await?;
    ben.get(&request).await?;
    let call = format!("/call/{}", ben.between("href=\"/call/", "\"").context("the call")?);
    ben.get(&call).await?;
    ensure!(ben.sees("My partner must not know.") && ben.sees("parked"));
    // Ana has it open as well, and saves while Ben writes.
    ana.get(&call).await?;
    sends(&mut ana, "/call/saving", &[("name", "Maya"), ("place", "a bus"), ("phone", "212 555 0143")])
        .await?;
    sends(&mut ben, "/call/saving", &[("name", "Maya"), ("place", "a train"), ("phone", "")]).await?;
    ensure!(
        ben.status == 422 && ben.sees("Saved from another desk meanwhile"),
        "{} {}",
        ben.status,
        ben.path
    );
    ensure!(ben.sees("a bus") && ben.sees("a train"), "one of the two texts is gone");
    let choice = [
        ("name", "Maya"),
        ("place", "a train"),
        ("phone", ""),
        ("use_phone", "theirs"),
        ("use_place", "ours"),
    ];
    sends(&mut ben, "/call/saving", &choice).await?;
    ensure!(ben.path == call && ben.sees("a train") && ben.sees("212 555 0143"), "{}", ben.path);
    Ok(())
}

#[tokio::test]
async fn the_phone_system_opens_the_sheet_of_whoever_may_be_calling() -> Result<()> {
    let center = Center::demo().await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/call").await?;
    sends(&mut ana, "/call/parking", &[("name", "Maya"), ("phone", "(212) 555-0143"), ("call", "any")])
        .await?;
    let request = ana.path.strip_prefix("/inbox/").context("her request")?.to_owned();

    // It rings. However the phone system writes the number, Ben sees who it may be, and that others may use it.
    let mut ben = Visitor::signed_in(&center, "ben").await?;
    for number in ["+12125550143", "2125550143", "%2B1%20212%20555%200143"] {
        ben.get(&format!("/call?number={number}")).await?;
        ensure!(ben.sees("This number is known") && ben.sees("Say no name before they do."), "{number}");
        ensure!(ben.sees(&format!("href=\"/call?request={request}\"")), "{number} does not lead to her");
    }
    ben.get(&format!("/call?request={request}")).await?;
    ensure!(ben.status == 200 && ben.sees("value=\"Maya\""), "{}", ben.status);
    // Nobody knows this one: an empty sheet with the number on it. A withheld one is an empty sheet.
    ben.get("/call?number=3035550199").await?;
    ensure!(ben.sees("value=\"3035550199\"") && !ben.sees("This number is known"));
    for withheld in ["", "anonymous", "%3Cscript%3E"] {
        ben.get(&format!("/call?number={withheld}")).await?;
        ensure!(
            ben.status == 200 && !ben.sees("This number is known") && !ben.sees("<script>alert"),
            "{withheld}"
        );
    }
    // What Ana takes down is told with who called; a call of ours with how long it was.
    ana.get("/call?number=3035550199").await?;
    let over = [("phone", "3035550199"), ("direction", "they_called"), ("disposition", "spam_wrong_number")];
    sends(&mut ana, "/call/finishing", &over).await?;
    ensure!(ana.sees("Reached, and we talked. They called"), "{}", ana.path);
    let attempts = format!("/inbox/{request}/attempts");
    ana.press(&attempts, &[("outcome", "no_answer"), ("direction", "they_called")]).await?;
    ensure!(ana.status == 422 && ana.sees("They called, so somebody answered."), "{}", ana.status);
    ana.press(
        &attempts,
        &[("outcome", "reached"), ("minutes", "25"), ("because", "He asked for a call at this hour.")],
    )
    .await?;
    ensure!(ana.sees("Reached, and we talked, 25 minutes"), "{}", ana.path);
    Ok(())
}

#[tokio::test]
async fn the_form_of_a_call_takes_anything_and_loses_nothing() -> Result<()> {
    let center = Center::demo().await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/call").await?;
    let fields = [
        ("name", "<script>alert(1)</script>"),
        ("phone", "call me"),
        ("email", "@"),
        ("call", "hours"),
        ("level", "3.7"),
        ("judged", "routine"),
        ("s1_days", "every"),
        ("next_step", "Soon"),
        ("next_step_at", "2020-01-01T09:00"),
        ("somebody_made_this_up", "x"),
    ];
    sends(&mut ana, "/call/finishing", &fields).await?;
    ensure!(ana.status == 422, "{}", ana.status);
    for words in [
        "Ask, or mark as not known or declined",
        "Choose from when until when we may call",
        "Enter which clinician had this idea",
        "Enter why you see it otherwise",
        "Enter a day and time that lie ahead",
        "value=\"call me\"",
        "value=\"every\"",
        "&#60;script&#62;",
    ] {
        ensure!(ana.sees(words), "{words}");
    }
    ensure!(!ana.sees("<script>alert"), "what was typed is not escaped");
    // It was saved all the same.
    let again = ana.between("data-at=\"", "\"").context("the call")?.to_owned();
    ana.get(&again).await?;
    ensure!(ana.status == 200 && ana.sees("value=\"call me\""));
    let nobody = ana.press("/call/saving", &[("submission", "")]).await?;
    ensure!(nobody.status == 404, "{}", nobody.status);
    Ok(())
}

#[tokio::test]
async fn who_asks_after_somebody_gets_one_answer_for_every_name() -> Result<()> {
    let center = Center::demo().await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    // Somebody who is a client here, and somebody nobody ever heard of.
    ana.get("/clients").await?;
    let row = ana.between("<th scope=\"row\"><a href", "</a>").context("a client")?;
    let known = row.rsplit('>').next().context("a name")?.to_owned();
    let mut answers = Vec::new();
    for name in [known.as_str(), "Nobody Whoever"] {
        ana.get("/third-party").await?;
        ana.press("/third-party", &[("about", name)]).await?;
        ensure!(ana.path == "/third-party" && ana.sees("Written down."), "{}", ana.path);
        let page = ana.between("<main", "</main>").context("a page")?;
        ensure!(!page.contains(name), "the page repeats the name");
        let token = ana.hidden("form_token").unwrap_or_default().to_owned();
        answers.push(page.replace(&token, ""));
    }
    ensure!(answers.first() == answers.last(), "the two answers differ");
    ensure!(ana.sees("We give that answer for every name."));
    let mut ray = Visitor::signed_in(&center, "ray").await?;
    ray.get("/third-party").await?;
    ensure!(ray.sees("Nobody Whoever") && ray.sees(&known));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn single_keys_lead_to_the_fields_of_a_request_and_never_act_while_someone_types() -> Result<()> {
    let center = Center::demo().await?;
    let browser = signed_in(&center, "ana").await?;
    browser.look(1280, false).await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/inbox?view=mine").await?;
    // The second one: the first may be in danger, and is not put aside.
    let page = ana.between("Promised", "</ol>").context("a promise")?;
    let at = page.find("CR-").context("a reference")?;
    let request = format!("/inbox/{}", page.get(at..at + 8).context("a whole reference")?);
    browser.driver.goto(center.url(&request)).await?;
    let mut hands = Hands { browser: &browser, keys: 0, letters: 0 };
    let held = async || -> Result<String> {
        let id = browser.driver.execute("return document.activeElement.id", vec![]).await?;
        Ok(id.json().as_str().unwrap_or_default().to_owned())
    };
    for (key, field) in [('n', "note"), ('s', "next_step"), ('z', "snooze_until"), ('e', "disposition")] {
        browser.driver.execute("document.activeElement.blur()", vec![]).await?;
        hands.presses(None, key).await?;
        ensure!(held().await? == field, "{key} leads to {:?} and not to {field}", held().await?);
    }
    browser.driver.execute("document.activeElement.blur()", vec![]).await?;
    hands.presses(None, 'n').await?;
    hands.types("zest, then p and c?").await?;
    ensure!(held().await? == "note" && browser.driver.current_url().await?.path() == request);
    let note = browser.driver.find(By::Id("note")).await?.value().await?;
    ensure!(note.as_deref() == Some("zest, then p and c?"), "{note:?}");
    browser.driver.execute("document.activeElement.blur()", vec![]).await?;
    hands.presses(None, '/').await?;
    ensure!(held().await? == "palette-q", "/ opens {:?}", held().await?);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_palette_knows_acts_by_their_words_and_lists_by_their_names() -> Result<()> {
    let center = Center::demo().await?;
    let browser = signed_in(&center, "ana").await?;
    browser.look(1280, false).await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/inbox?view=nobodys").await?;
    browser.driver.goto(center.url(&format!("/inbox/{}", ana.reference()?))).await?;
    let mut hands = Hands { browser: &browser, keys: 0, letters: 0 };
    let shown = "return [...document.querySelectorAll('#palette li')].map(li => li.textContent).join('|')";
    let look = async |words: &str| -> Result<String> {
        for _ in 0..50 {
            let shown = browser.driver.execute(shown, vec![]).await?.json().to_string();
            if shown.contains(words) {
                return Ok(shown);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        anyhow::bail!("{words} is not offered: {}", browser.driver.execute(shown, vec![]).await?.json())
    };
    // An act by its word, and the hands are in its field.
    hands.presses(None, '/').await?;
    hands.types("note").await?;
    look("Note").await?;
    hands.presses(None, Key::Enter).await?;
    let held = browser.driver.execute("return document.activeElement.id", vec![]).await?;
    ensure!(held.json() == "note", "Note leads to {}", held.json());
    // A form without a key of its own: gone to, and not sent.
    browser.driver.execute("document.activeElement.blur()", vec![]).await?;
    hands.presses(None, '/').await?;
    hands.types("client record").await?;
    look("Make a client record").await?;
    hands.presses(None, Key::Enter).await?;
    let held = browser.driver.execute("return document.activeElement.id", vec![]).await?;
    ensure!(held.json() == "counselor", "the form is not gone to: {}", held.json());
    // A list that stands in no rail.
    browser.driver.execute("document.activeElement.blur()", vec![]).await?;
    hands.presses(None, '/').await?;
    hands.types("waitl").await?;
    look("Waitlist").await?;
    browser.driver.execute("window.pressed = true", vec![]).await?;
    hands.presses(None, Key::Enter).await?;
    browser.next_page().await?;
    ensure!(browser.driver.current_url().await?.path() == "/waitlist");
    // What is not hers is not offered.
    let found = Visitor::signed_in(&center, "ana").await?.get("/find?q=confid").await?.page.clone();
    ensure!(!found.contains("/admin/confidential"), "{found}");
    browser.close().await
}
