// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pipelines.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "clip.hpp"

namespace performance {

Usage run_pipeline(const std::string& program, const std::string& description) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe to the child");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("cannot start a child");
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    execl(program.c_str(), program.c_str(), description.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  FILE* output = fdopen(ends[0], "r");
  Usage usage;
  const int found =
      std::fscanf(output, "%lf %lf %lf %lf %lf", &usage.cpu, &usage.wall, &usage.start, &usage.stream, &usage.peak_mib);
  std::fclose(output);
  int status = 0;
  waitpid(child, &status, 0);
  if (found != 5 || status != 0) throw std::runtime_error("this pipeline failed: " + description);
  return usage;
}

std::string transcoding(const std::string& clip, const std::string& elements, int streams) {
  std::string description;
  for (int i = 0; i < streams; ++i) {
    std::string own = elements;
    const std::size_t place = own.find('@');
    if (place != std::string::npos) own.replace(place, 1, std::to_string(i));
    description += "filesrc location=" + quoted(clip) + " ! decodebin ! videoconvert ! " + own +
                   "x264enc speed-preset=veryfast tune=zerolatency bitrate=4000 threads=1 ! fakesink sync=false ";
  }
  return description;
}

std::string fan_out(const std::string& clip, int ids) {
  std::string description =
      "filesrc location=" + quoted(clip) + " ! decodebin ! videoconvert ! video/x-raw,format=I420 ! tee name=t ";
  for (int i = 0; i < ids; ++i)
    description += "t. ! queue ! stegencode id=id" + std::to_string(i) + " ! fakesink sync=false ";
  return description;
}

}  // namespace performance
