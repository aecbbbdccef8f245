//! Paths with who may use them, beside one another.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

use super::gate::{WaitingHook, gate};
use super::model::Permission;
use crate::base::db::{Db, Plans};

/// Who may use a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone, signed in or not.
    Public,
    /// Anyone signed in.
    SignedIn,
    /// Posts with this permission.
    Can(Permission),
}

/// One declared path.
#[derive(Clone, Debug)]
pub struct Route {
    /// GET or POST.
    pub method: Method,
    /// The path with its `{parameters}`.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    /// How what it asks is planned.
    pub plans: Plans,
}

/// The paths of an area. There is no way to add one without saying who may use it.
#[derive(Default)]
pub struct Routes<S = ()> {
    declared: Vec<(Route, MethodRouter<S>)>,
}

impl<S> std::fmt::Debug for Routes<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.declared.iter().map(|(route, _)| route))
            .finish()
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No paths yet.
    pub fn new() -> Self {
        Self {
            declared: Vec::new(),
        }
    }

    /// A path that looks.
    #[must_use]
    pub fn get<T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: impl Handler<T, S>,
    ) -> Self {
        self.with((Method::GET, path), (access, Plans::Anew), get(handler))
    }

    /// A path that shows one thing, one desk or what was searched, and is looked at all day: what it asks is
    /// planned once.
    #[must_use]
    pub fn show<T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: impl Handler<T, S>,
    ) -> Self {
        self.with((Method::GET, path), (access, Plans::Kept), get(handler))
    }

    /// A path that changes something.
    #[must_use]
    pub fn post<T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: impl Handler<T, S>,
    ) -> Self {
        self.with((Method::POST, path), (access, Plans::Kept), post(handler))
    }

    fn with(
        mut self,
        (method, path): (Method, &'static str),
        (access, plans): (Access, Plans),
        handler: MethodRouter<S>,
    ) -> Self {
        let route = Route {
            method,
            path,
            access,
            plans,
        };
        self.declared.push((route, handler));
        self
    }

    /// These and those.
    #[must_use]
    pub fn and(mut self, other: Routes<S>) -> Self {
        self.declared.extend(other.declared);
        self
    }

    /// What is declared, for the command that lists it and the test that walks it.
    pub fn list(&self) -> Vec<Route> {
        self.declared
            .iter()
            .map(|(route, _)| route.clone())
            .collect()
    }

    /// The router, each path behind its gate.
    pub fn into_router(self, db: &Db, waiting: WaitingHook) -> Router<S> {
        self.declared
            .into_iter()
            .fold(Router::new(), |router, (route, handler)| {
                let state = (db.clone(), waiting, route.access, route.plans);
                router.route(route.path, handler.layer(from_fn_with_state(state, gate)))
            })
    }
}
