// Other programs and GStreamer pipelines that run to their end.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace robustness {

/// Runs a program found on PATH and waits for it. Throws std::runtime_error with what it wrote to stderr if it fails.
void run_program(const std::vector<std::string>& arguments);

struct Output {
  int status;          ///< of its exit; 128 and the signal's number if one ended it
  std::string text;    ///< what it wrote to stdout
  double cpu_seconds;  ///< of all its threads
};

/// Runs a program found on PATH to its end; what it writes to stderr is lost. Throws std::runtime_error if it does not
/// start.
Output read_program(const std::vector<std::string>& arguments);

/// A program found on PATH whose stdout is read through a file descriptor while it runs. Its end is waited for when
/// this goes out of scope; what it writes to stderr goes to the caller's.
class ProgramOutput {
 public:
  /// Throws std::runtime_error if it does not start.
  explicit ProgramOutput(const std::vector<std::string>& arguments);
  ~ProgramOutput();
  ProgramOutput(const ProgramOutput&) = delete;
  ProgramOutput& operator=(const ProgramOutput&) = delete;
  int file() const { return file_; }

 private:
  int process_ = 0;
  int file_ = -1;
};

/// Runs a pipeline in the words of gst-launch-1.0 until end of stream. Throws std::runtime_error on an error of it.
void run_pipeline(const std::string& description);

/// As a value of a property in the words of gst-launch-1.0.
std::string quoted(const std::string& text);

}  // namespace robustness
