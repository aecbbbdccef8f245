//! The search box (查找): matters, whistles, places, departments and, for administrators, people, each as far as
//! one sees them in their lists. The conditions are those of the lists; what is found by which words, the database says in
//! one place (`search_ids`, `search_places`, `search_names`).

mod model;
mod pages;
mod queries;

pub use pages::routes;
