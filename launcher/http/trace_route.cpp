// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "program.hpp"
#include "services.hpp"

namespace launcher {
namespace {

constexpr std::size_t kLargestFile = std::size_t{256} * 1024 * 1024;
/// LibTorch, two frames of the largest picture and the search have room in it.
constexpr ProgramLimits kTracing{120, 600, std::size_t{3} << 30};
/// Frames a second that are looked at: less than steg-trace's own default, because the stream needs the CPU.
constexpr const char* kRate = "4";

std::vector<std::string> command_line(const std::string& program, const Supervisor& stream) {
  std::vector<std::string> arguments{program, "--json", "--threads=1", "--no-search", std::string("--rate=") + kRate};
  const std::string& key_file = stream.places().key_file;
  const std::string& database = stream.places().audit_database;
  if (!key_file.empty()) arguments.push_back("--key-file=" + key_file);
  if (!database.empty()) arguments.push_back("--database=" + database);
  arguments.emplace_back(kProgramFile);
  return arguments;
}

/// steg-trace's last message, which may have several lines, says what it could not do; our name for the file means
/// nothing to the client.
std::string reason_in(std::string text) {
  const std::string begin = "steg-trace: ";
  const std::size_t last = text.rfind("\n" + begin);
  if (last != std::string::npos) text.erase(0, last + 1);
  for (const std::string& prefix : {begin, kProgramFile + std::string(": ")}) {
    if (text.rfind(prefix, 0) == 0) text.erase(0, prefix.size());
  }
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text.empty() ? "The file could not be read." : text;
}

Reply to_reply(const ProgramResult& result) {
  if (!result.in_time) {
    return problem(
        SOUP_STATUS_GATEWAY_TIMEOUT,
        "Tracing took over two minutes of CPU time, or ten minutes in all: send a shorter clip, or use steg-trace.");
  }
  if (result.exit_status < 0) {
    return problem(SOUP_STATUS_UNPROCESSABLE_ENTITY,
                   "The file is damaged, or needs more memory than a trace may have: use steg-trace itself.");
  }
  if (result.exit_status != 0 && result.exit_status != 1) {
    return problem(SOUP_STATUS_UNPROCESSABLE_ENTITY, reason_in(result.errors));
  }
  try {
    return success(
        JsonText().boolean("ok", true).boolean("found", result.exit_status == 0).object("report", result.output));
  } catch (const std::runtime_error& error) {
    return problem(SOUP_STATUS_INTERNAL_SERVER_ERROR, std::string("steg-trace's answer is no JSON: ") + error.what());
  }
}

}  // namespace

void add_trace_route(HttpServer& server, Streams& streams) {
  const auto busy = std::make_shared<bool>(false);
  Route route;
  route.key = {"POST", "/trace"};
  route.largest_body = kLargestFile;
  route.takes_file = true;
  route.handler = [&server, &streams, busy](Request& request) -> std::optional<Reply> {
    const Supervisor& stream = stream_of(request, streams);
    const std::string program = find_program("steg-trace", "trace");
    if (program.empty()) {
      return problem(SOUP_STATUS_NOT_IMPLEMENTED, "The program steg-trace is not installed beside steg-launch.");
    }
    if (*busy) {
      return problem(SOUP_STATUS_SERVICE_UNAVAILABLE, "Another file is being traced: try again in a moment.");
    }
    const auto pending = std::make_shared<PendingReply>(request.message);
    try {
      const auto end = run_program(command_line(program, stream), {to_bytes(""), request.file->descriptor()}, kTracing,
                                   [busy, pending](const ProgramResult& result) {
                                     *busy = false;
                                     pending->answer(to_reply(result));
                                   });
      server.when_gone(request, end);
      *busy = true;
    } catch (const std::runtime_error& error) {
      pending->answer(problem(SOUP_STATUS_INTERNAL_SERVER_ERROR, error.what()));
    }
    return std::nullopt;
  };
  server.add(std::move(route));
}

}  // namespace launcher
