// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stalled_store.hpp"

#include <dlfcn.h>
#include <poll.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

namespace {

std::mutex mutex;
std::condition_variable released;
bool stalled = false;
int held = 0;

void wait_for_release() {
  std::unique_lock<std::mutex> lock(mutex);
  ++held;
  released.wait(lock, [] { return !stalled; });
  --held;
}

/// The C library's function of that name.
template <class Function>
Function* original(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

// These take the place of the C library's for this program and the libraries it uses.
extern "C" {

int fsync(int descriptor) {
  wait_for_release();
  static const auto call = original<int(int)>("fsync");
  return call(descriptor);
}

int fdatasync(int descriptor) {
  wait_for_release();
  static const auto call = original<int(int)>("fdatasync");
  return call(descriptor);
}

int poll(pollfd* descriptors, nfds_t count, int milliseconds) {
  wait_for_release();
  static const auto call = original<int(pollfd*, nfds_t, int)>("poll");
  return call(descriptors, count, milliseconds);
}
}

namespace test {

StalledStore::StalledStore() {
  const std::lock_guard<std::mutex> lock(mutex);
  stalled = true;
}

StalledStore::~StalledStore() {
  const std::lock_guard<std::mutex> lock(mutex);
  stalled = false;
  released.notify_all();
}

bool StalledStore::holds_a_thread() {
  const std::lock_guard<std::mutex> lock(mutex);
  return held > 0;
}

}  // namespace test
