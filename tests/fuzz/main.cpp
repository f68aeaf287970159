// Gives one target inputs that are made of good ones, and again of those that led somewhere new. See run.sh.
//   fuzz TARGET [--runs N] [--seconds N] [--seed N] [--seeds FOLDER] [--keep FOLDER]
//   fuzz TARGET --input FILE      one input, such as one that was kept
// The process ends where a run crashes, hangs, takes too much memory or breaks a rule; its input is then
// FOLDER/TARGET.input.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "coverage.hpp"
#include "current_input.hpp"
#include "fuzz.hpp"
#include "mutator.hpp"

// What AddressSanitizer starts with, where the environment says nothing else.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "max_allocation_size_mb=1024"; }

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr time_t kMostComputed = 60;            // seconds of processor time of one run, with sanitizers
constexpr time_t kLongest = 900;                // of the clock, on a machine that does other things as well
constexpr long kMostMemory = 2L * 1024 * 1024;  // KiB
constexpr std::size_t kMostInputs = 4096;

struct Options {
  std::size_t runs = SIZE_MAX;
  std::chrono::seconds time = std::chrono::hours(24);
  std::uint64_t seed = 1;
  std::string seeds;
  std::string keep = ".";
  std::string input;
};

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

extern "C" void on_alarm(int) {
  constexpr char kText[] = "fuzz: a run took too long\n";
  (void)!write(STDERR_FILENO, kText, sizeof kText - 1);
  std::abort();
}

void run_one(const fuzz::Target& target, const std::string& input) {
  const itimerval computed{{}, {kMostComputed, 0}};
  const itimerval longest{{}, {kLongest, 0}};
  setitimer(ITIMER_PROF, &computed, nullptr);
  setitimer(ITIMER_REAL, &longest, nullptr);
  target.run(input);
  const itimerval none{};
  setitimer(ITIMER_PROF, &none, nullptr);
  setitimer(ITIMER_REAL, &none, nullptr);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fuzz::require(usage.ru_maxrss < kMostMemory, "a run takes less than 2 GiB of memory");
}

void run_many(fuzz::Target target, const Options& options) {
  const auto begin = Clock::now();
  if (!options.seeds.empty())
    for (const auto& file : fs::directory_iterator(options.seeds)) target.seeds.push_back(read_file(file.path()));
  const fuzz::CurrentInput current(options.keep + "/" + target.name + ".input");
  std::vector<std::string> inputs = target.seeds;
  for (const std::string& input : inputs) {
    current.set(input);
    run_one(target, input);
  }
  fuzz::new_steps();
  fuzz::Mutator mutator(options.seed, target.words);
  std::size_t steps = 0;
  std::size_t runs = 0;
  for (; runs < options.runs && Clock::now() - begin < options.time; ++runs) {
    const std::string& base = inputs[mutator.below(inputs.size())];
    const std::string& other = inputs[mutator.below(inputs.size())];
    const std::string input = mutator.change(base, other, target.largest);
    current.set(input);
    run_one(target, input);
    const std::size_t found = fuzz::new_steps();
    steps += found;
    if (found > 0 && inputs.size() < kMostInputs) inputs.push_back(input);
  }
  const std::chrono::duration<double> taken = Clock::now() - begin;
  std::printf("%s: %zu inputs in %.0f s, %zu new steps, %zu inputs led to them\n", target.name.c_str(), runs,
              taken.count(), steps, inputs.size() - target.seeds.size());
}

using Targets = std::map<std::string, fuzz::Target (*)()>;

const Targets& targets() {
  static const Targets all{{"archive", fuzz::archive},
                           {"contract", fuzz::contract},
                           {"csv", fuzz::csv},
                           {"database", fuzz::database},
                           {"flv", fuzz::flv},
                           {"h264", fuzz::h264},
                           {"http", fuzz::http},
                           {"json", fuzz::json},
                           {"key_file", fuzz::key_file},
                           {"media", fuzz::media},
                           {"pipeline_file", fuzz::pipeline_file},
                           {"server", fuzz::server},
                           {"spool", fuzz::spool},
                           {"steg_trace", fuzz::steg_trace},
                           {"websocket", fuzz::websocket}};
  return all;
}

int usage() {
  std::fputs(
      "fuzz TARGET [--runs N] [--seconds N] [--seed N] [--seeds FOLDER] [--keep FOLDER] [--input FILE]\nTargets:",
      stderr);
  for (const auto& target : targets()) std::fprintf(stderr, " %s", target.first.c_str());
  std::fputs("\n", stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() % 2 == 0 || targets().count(words[0]) == 0) return usage();
  Options options;
  for (std::size_t i = 1; i < words.size(); i += 2) {
    const std::string& value = words[i + 1];
    if (words[i] == "--runs") {
      options.runs = std::stoull(value);
    } else if (words[i] == "--seconds") {
      options.time = std::chrono::seconds(std::stoll(value));
    } else if (words[i] == "--seed") {
      options.seed = std::stoull(value);
    } else if (words[i] == "--seeds") {
      options.seeds = value;
    } else if (words[i] == "--keep") {
      options.keep = value;
    } else if (words[i] == "--input") {
      options.input = value;
    } else {
      return usage();
    }
  }
  std::signal(SIGALRM, on_alarm);
  std::signal(SIGPROF, on_alarm);
  fuzz::Target target = targets().at(words[0])();
  if (options.input.empty()) {
    run_many(std::move(target), options);
  } else {
    run_one(target, read_file(options.input));
  }
}
