//! What the whole of Samløp answers, asked as a browser asks.

mod access;
mod bad_input;
mod calendar;
mod functions;
mod headers;
mod html;
mod languages;
mod live;
mod logging_in;
mod origin;
mod pages;
mod privacy;
mod redirects;
mod scene;
mod site;
mod track_file;
