//! Classes of matters (类别登记): each city's own register. What a class is (code, family, major)
//! never changes; what it is called, whether it is in use and under which conditions a matter of it
//! is filed and closed are versions, each from a day on.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{add, change};
pub use model::{
    AHEAD, Asked, CONDITIONS, Class, ClassForm, Condition, Content, Difference, Family, Local,
    Major, Named, Quick, Standing, Version, Why, difference,
};
pub use pages::routes;
pub use queries::{classes, conditions_on, furnish, majors};
