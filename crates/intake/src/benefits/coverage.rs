//! The coverage as it was given: what is on the card, who holds the plan, whom to call, for which levels of care.

use clients::episode::LevelOfCare;
use clients::person::plain;
use consent::NewContactPoint;
use foundation::{Day, Faults, read_day};
use serde::{Deserialize, Serialize};

use crate::call::sheet::Sheet;
use crate::rules::benefits::{PlanKind, Subscriber};

/// The longest a line may be.
const LONGEST: usize = 200;

/// The fields of the form, in its order.
pub const FIELDS: [&str; 10] = [
    "plan_kind",
    "plan",
    "member_id",
    "group_number",
    "payer_phone",
    "administrator",
    "administrator_phone",
    "subscriber",
    "subscriber_name",
    "subscriber_born",
];

/// Coverage as given. An empty text was not asked yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub plan_kind: PlanKind,
    pub plan: String,
    pub member_id: String,
    pub group_number: String,
    /// The number for providers on the back of the card.
    pub payer_phone: String,
    /// Who answers for behavioral health, when it is not the plan itself.
    pub administrator: String,
    pub administrator_phone: String,
    pub subscriber: Subscriber,
    pub subscriber_name: String,
    pub subscriber_born: Option<Day>,
    /// For which levels of care the plan is asked.
    pub levels: Vec<LevelOfCare>,
}

impl Default for Coverage {
    fn default() -> Self {
        Self {
            plan_kind: PlanKind::NotAsked,
            plan: String::new(),
            member_id: String::new(),
            group_number: String::new(),
            payer_phone: String::new(),
            administrator: String::new(),
            administrator_phone: String::new(),
            subscriber: Subscriber::NotAsked,
            subscriber_name: String::new(),
            subscriber_born: None,
            levels: Vec::new(),
        }
    }
}

impl Coverage {
    /// Reads a form; `levels` are the levels of care that were chosen.
    ///
    /// # Errors
    /// What cannot be used, each at its field.
    pub fn parse<'a>(
        text: impl Fn(&str) -> &'a str,
        levels: Vec<LevelOfCare>,
        today: Day,
    ) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let plan_kind = PlanKind::parse(text("plan_kind")).unwrap_or(PlanKind::NotAsked);
        let plan = line(&text, "plan", &mut faults);
        if plan.is_empty() && plan_kind != PlanKind::SelfPay {
            faults.add("plan", "Enter the name of the plan as it is on the card");
        }
        let member_id = line(&text, "member_id", &mut faults);
        let group_number = line(&text, "group_number", &mut faults);
        let payer_phone = phone(&text, "payer_phone", &mut faults);
        let administrator = line(&text, "administrator", &mut faults);
        let administrator_phone = phone(&text, "administrator_phone", &mut faults);
        let subscriber_name = line(&text, "subscriber_name", &mut faults);
        let born = text("subscriber_born");
        let subscriber_born = read_day(born).filter(|day| *day <= today);
        if subscriber_born.is_none() && !born.trim().is_empty() {
            faults.add("subscriber_born", "Enter the day they were born, like 1984-03-02, or leave it open");
        }
        if levels.is_empty() {
            faults.add("levels", "Choose for which levels of care to ask");
        }
        faults.or(|| Self {
            plan_kind,
            plan,
            member_id,
            group_number,
            payer_phone,
            administrator,
            administrator_phone,
            subscriber: Subscriber::parse(text("subscriber")).unwrap_or(Subscriber::NotAsked),
            subscriber_name,
            subscriber_born,
            levels,
        })
    }

    /// What a call told: nobody is asked twice.
    pub fn from_call(sheet: &Sheet) -> Self {
        Self {
            plan: sheet.text("plan").to_owned(),
            member_id: sheet.text("member_id").to_owned(),
            payer_phone: sheet.text("payer_phone").to_owned(),
            levels: LevelOfCare::parse(sheet.text("level")).into_iter().collect(),
            ..Self::default()
        }
    }

    /// What stands in a field of the form.
    pub fn text(&self, field: &str) -> String {
        match field {
            "plan_kind" => self.plan_kind.to_string(),
            "plan" => self.plan.clone(),
            "member_id" => self.member_id.clone(),
            "group_number" => self.group_number.clone(),
            "payer_phone" => self.payer_phone.clone(),
            "administrator" => self.administrator.clone(),
            "administrator_phone" => self.administrator_phone.clone(),
            "subscriber" => self.subscriber.to_string(),
            "subscriber_name" => self.subscriber_name.clone(),
            "subscriber_born" => self.subscriber_born.map(|day| day.to_string()).unwrap_or_default(),
            _ => String::new(),
        }
    }

    /// Who would be told when the plan is asked by name: whoever answers for behavioral health, or the plan. Nobody when
    /// they pay themselves.
    pub fn who_is_asked(&self) -> Option<&str> {
        [self.administrator.as_str(), self.plan.as_str()]
            .into_iter()
            .find(|name| !name.is_empty())
            .filter(|_| self.plan_kind != PlanKind::SelfPay)
    }

    /// Whether they pay without a plan.
    pub fn is_self_pay(&self) -> bool {
        self.plan_kind == PlanKind::SelfPay
    }
}

/// One line of text, cleaned.
pub(super) fn line<'a>(text: &impl Fn(&str) -> &'a str, field: &str, faults: &mut Faults) -> String {
    let value = plain(text(field));
    if value.chars().count() > LONGEST {
        faults.add(field, format!("Write less here, up to {LONGEST} characters"));
    }
    value
}

/// A phone number, or none.
pub(super) fn phone<'a>(text: &impl Fn(&str) -> &'a str, field: &str, faults: &mut Faults) -> String {
    let value = plain(text(field));
    if value.is_empty() {
        return value;
    }
    match NewContactPoint::phone(&value) {
        Ok(_) => value,
        Err(said) => {
            faults.add(field, said.of("phone").unwrap_or("Enter a phone number with all its digits"));
            value
        }
    }
}
