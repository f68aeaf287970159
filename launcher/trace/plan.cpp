// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plan.hpp"

#include <algorithm>

namespace trace {

Plan::Plan(std::size_t generations, bool search, bool thorough)
    : generations_(generations), search_(search), thorough_(thorough) {
  begin_film(0);
}

bool Plan::shown(const Shown& shown) {
  films_ = std::max(1, shown.films);
  if (shown.changed) {
    step_.briefly = false;
    ++openings_;
    return false;
  }
  if (shown.passed_over && shown.pilots) {
    read(step_.place, Skimmer::Mode::certain);
    return false;
  }
  if (shown.passed_over) rest_[step_.generation] = true;
  if (shown.found && !shown.passed_over) {
    step_.kind = Step::Kind::end;
    return true;
  }
  go_on();
  return false;
}

void Plan::located(int places, bool ended_early) {
  places_ = places;
  ended_early_ = ended_early;
  // The search has seen pilots at a place: what is passed over there would be read after all.
  if (places > 0)
    read(0, Skimmer::Mode::certain);
  else
    go_on();
}

void Plan::failed() {
  if (step_.film == 0) films_ = 1;
  next_film();
}

void Plan::begin_film(int film) {
  step_ = Step();
  step_.film = film;
  stage_ = Stage::whole;
  rest_.assign(generations_, false);
  enter();
}

/// Begins the present stage with the present generation.
void Plan::enter() {
  places_ = 0;
  ended_early_ = false;
  if (stage_ == Stage::whole) {
    read(Step::kWhole, search_ ? Skimmer::Mode::promising : Skimmer::Mode::certain);
  } else if (stage_ == Stage::places) {
    locate(false);
  } else if (rest_[step_.generation]) {
    read(Step::kWhole, Skimmer::Mode::certain);
  } else {
    go_on();
  }
}

void Plan::read(int place, Skimmer::Mode mode) {
  // One set of frames serves all networks: the newest looks at the most planes.
  const bool first = stage_ == Stage::whole && step_.generation == 0 && mode == Skimmer::Mode::promising;
  step_ = {Step::Kind::read, step_.film, step_.generation, place, thorough_ ? Skimmer::Mode::all : mode,
           !thorough_,       first};
  ++openings_;
}

void Plan::locate(bool to_the_end) {
  step_.kind = Step::Kind::locate;
  step_.place = Step::kWhole;
  step_.to_the_end = to_the_end;
}

void Plan::go_on() {
  if (step_.place + 1 < places_) return read(step_.place + 1, Skimmer::Mode::certain);
  if (ended_early_) return locate(true);
  if (++step_.generation < generations_) return enter();
  if (!search_ || stage_ == Stage::rest) return next_film();
  stage_ = stage_ == Stage::whole ? Stage::places : Stage::rest;
  step_.generation = 0;
  enter();
}

void Plan::next_film() {
  if (step_.film + 1 < films_)
    begin_film(step_.film + 1);
  else
    step_.kind = Step::Kind::end;
}

std::string describe(const Step& step) {
  std::string text = step.kind == Step::Kind::locate ? (step.to_the_end ? "search on" : "search for the picture")
                     : step.place == Step::kWhole    ? "the whole picture"
                                                     : "place " + std::to_string(step.place + 1);
  text += ", network " + std::to_string(step.generation + 1);
  if (step.film > 0) text += ", video track " + std::to_string(step.film + 1);
  if (step.kind == Step::Kind::read && !step.briefly) text += ", all decoded";
  return text;
}

}  // namespace trace
