// The command line of a program, over GLib's GOption.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <glib.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace launcher {

/// A wrong call. what() says what is wrong.
class UsageError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The options of a program or of one of its commands. Add them, then parse(): the targets are set, or keep what they
/// have. Help texts and names must outlive this.
class CommandLine {
 public:
  /// `usage`: what follows the options, such as "FILE". `about`: paragraphs that --help shows. `more`: those it shows
  /// behind the options. Each may be null.
  CommandLine(const char* usage, const char* about, const char* more) : usage_(usage), about_(about), more_(more) {}

  /// `target`: a std::string, or an optional one. Of a path the bytes are taken as they are; a text becomes UTF-8.
  template <typename Target>
  void text(char letter, const char* name, Target& target, const char* help, const char* value) {
    add_text(G_OPTION_ARG_STRING, letter, name, help, value, [&target](const char* given) { target = given; });
  }
  template <typename Target>
  void path(char letter, const char* name, Target& target, const char* help, const char* value) {
    add_text(G_OPTION_ARG_FILENAME, letter, name, help, value, [&target](const char* given) { target = given; });
  }
  using Strings = std::vector<std::string>;
  void texts(char letter, const char* name, Strings& target, const char* help, const char* value);
  void paths(char letter, const char* name, Strings& target, const char* help, const char* value);
  void number(char letter, const char* name, std::int64_t& target, const char* help, const char* value);
  void number(char letter, const char* name, int& target, const char* help, const char* value);
  void number(char letter, const char* name, double& target, const char* help, const char* value);
  void flag(char letter, const char* name, bool& target, const char* help);
  /// What is no option; `value` is for the line of usage and may be null.
  void rest(Strings& target) { texts(0, G_OPTION_REMAINING, target, nullptr, nullptr); }
  void rest_paths(Strings& target, const char* value) { paths(0, G_OPTION_REMAINING, target, nullptr, value); }
  /// Options of a library; takes the group over.
  void group(GOptionGroup* group) { groups_.push_back(group); }

  /// Handles --help (prints it and ends the program). Call it once. Throws UsageError.
  void parse(int argc, char** argv);

 private:
  using Take = std::function<void(const char*)>;
  void add(GOptionArg kind, char letter, const char* name, const char* help, const char* value, gpointer place) {
    entries_.push_back({name, letter, 0, kind, place, help, value});
  }
  void add_text(GOptionArg kind, char letter, const char* name, const char* help, const char* value, Take take);
  void add_list(GOptionArg kind, char letter, const char* name, const char* help, const char* value, Strings& target);

  const char* usage_;
  const char* about_;
  const char* more_;
  std::vector<GOptionEntry> entries_;
  std::vector<GOptionGroup*> groups_;
  // Where GLib stores what it reads: their addresses must stay.
  std::deque<gchar*> texts_;
  std::deque<gchar**> lists_;
  std::deque<gboolean> flags_;
  std::vector<std::function<void()>> take_;
};

}  // namespace launcher
