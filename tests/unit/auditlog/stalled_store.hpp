// A store that does not answer: programs that link stalled_store.cpp can make everyone wait for disk and database.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace test {

/// While one of these lives, fsync(), fdatasync() and poll() do not return, whichever thread of this process calls
/// them: no spool and no SQLite file becomes durable, and no server is heard.
class StalledStore {
 public:
  StalledStore();
  ~StalledStore();
  StalledStore(const StalledStore&) = delete;
  StalledStore& operator=(const StalledStore&) = delete;

  /// Whether a thread waits in one of them.
  static bool holds_a_thread();
};

}  // namespace test
