// SPDX-License-Identifier: LGPL-2.1-or-later
#include "program.hpp"
#include "services.hpp"

namespace launcher {
namespace {

constexpr std::size_t kLargestFile = std::size_t{256} * 1024 * 1024;
constexpr unsigned kTracingSeconds = 120;
/// Frames a second that are looked at: less than steg-trace's own default, because the stream needs the CPU.
constexpr const char* kRate = "4";

std::vector<std::string> command_line(const std::string& program, const Supervisor& stream, const std::string& file) {
  std::vector<std::string> arguments{program, "--json", "--threads=1", "--no-search", std::string("--rate=") + kRate};
  const std::string& key_file = stream.places().key_file;
  const std::string& database = stream.places().audit_database;
  if (!key_file.empty()) arguments.push_back("--key-file=" + key_file);
  if (!database.empty()) arguments.push_back("--database=" + database);
  arguments.push_back(file);
  return arguments;
}

/// steg-trace's last line says what it could not do; our name for the file means nothing to the client.
std::string reason_in(std::string text, const std::string& file) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const std::size_t line = text.rfind('\n');
  if (line != std::string::npos) text.erase(0, line + 1);
  for (const std::string& prefix : {std::string("steg-trace: "), file + ": "}) {
    if (text.rfind(prefix, 0) == 0) text.erase(0, prefix.size());
  }
  return text.empty() ? "The file could not be read." : text;
}

Reply to_reply(const ProgramResult& result, const std::string& file) {
  if (!result.in_time) {
    return problem(SOUP_STATUS_GATEWAY_TIMEOUT,
                   "Tracing took longer than two minutes: send a shorter clip, or use steg-trace itself.");
  }
  if (result.exit_status != 0 && result.exit_status != 1) {
    return problem(SOUP_STATUS_UNPROCESSABLE_ENTITY, reason_in(result.errors, file));
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
  route.handler = [&streams, busy](Request& request) -> std::optional<Reply> {
    const Supervisor& stream = stream_of(request, streams);
    const std::string program = find_program("steg-trace", "trace");
    if (program.empty()) {
      return problem(SOUP_STATUS_NOT_IMPLEMENTED, "The program steg-trace is not installed beside steg-launch.");
    }
    if (*busy) {
      return problem(SOUP_STATUS_SERVICE_UNAVAILABLE, "Another file is being traced: try again in a moment.");
    }
    // The file lives until the answer is there.
    const std::shared_ptr<TemporaryFile> file = std::move(request.file);
    const auto pending = std::make_shared<PendingReply>(request.message);
    try {
      run_program(command_line(program, stream, file->path()), to_bytes(""), kTracingSeconds,
                  [busy, file, pending](const ProgramResult& result) {
                    *busy = false;
                    pending->answer(to_reply(result, file->path()));
                  });
      *busy = true;
    } catch (const std::runtime_error& error) {
      pending->answer(problem(SOUP_STATUS_INTERNAL_SERVER_ERROR, error.what()));
    }
    return std::nullopt;
  };
  server.add(std::move(route));
}

}  // namespace launcher
