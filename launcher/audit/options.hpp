// The command line of steg-audit, over GLib's GOption.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <glib.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace auditor {

/// A wrong call. what() says what is wrong.
class UsageError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The options of one command. Add them, then parse(): the targets are set, or keep what they have.
class Options {
 public:
  /// `usage`: what follows the options, such as "FILE". `about`: paragraphs that --help shows. `more`: those it shows
  /// behind the options.
  Options(std::string usage, std::string about, std::string more);
  void text(char letter, const char* name, std::string& target, const char* help, const char* value);
  void texts(char letter, const char* name, std::vector<std::string>& target, const char* help, const char* value);
  void number(char letter, const char* name, std::int64_t& target, const char* help, const char* value);
  void flag(char letter, const char* name, bool& target, const char* help);
  void rest(std::vector<std::string>& target);

  /// Handles --help (prints it and ends the program). Throws UsageError.
  void parse(int argc, char** argv);

 private:
  void add(char letter, const char* name, GOptionArg kind, gpointer place, const char* help, const char* value);

  std::string usage_, about_, more_;
  std::vector<GOptionEntry> entries_;
  // Where GLib stores what it reads: their addresses must stay.
  std::deque<gchar*> texts_;
  std::deque<gchar**> lists_;
  std::deque<gint64> numbers_;
  std::deque<gboolean> flags_;
  std::vector<std::function<void()>> take_;
};

}  // namespace auditor
