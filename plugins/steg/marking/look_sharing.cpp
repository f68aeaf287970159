// SPDX-License-Identifier: LGPL-2.1-or-later
#include "look_sharing.hpp"

#include <algorithm>
#include <iterator>
#include <list>
#include <mutex>
#include <utility>

namespace steg {

namespace {

struct Entry {
  PictureIdentity picture;
  std::unique_ptr<HeldPicture> held;
  std::shared_ptr<PictureLook> look;
  std::size_t taken = 0;
};

}  // namespace

struct LookSharer::Group {
  std::string network;
  PictureShape shape;
  std::mutex lock{};
  std::size_t sharers = 0;
  std::list<Entry> entries{};  ///< the oldest first

  /// The group of that kind, the same for all who ask. One more sharer is counted.
  static std::shared_ptr<Group> join(const std::string& network, const PictureShape& shape) {
    static std::mutex groups_lock;
    static std::list<std::weak_ptr<Group>> groups;
    const std::lock_guard<std::mutex> lock(groups_lock);
    std::shared_ptr<Group> joined;
    groups.remove_if([&](const std::weak_ptr<Group>& one) {
      const std::shared_ptr<Group> group = one.lock();
      if (group && group->network == network && group->shape == shape) joined = group;
      return !group;
    });
    if (!joined) {
      joined = std::shared_ptr<Group>(new Group{network, shape});
      groups.push_back(joined);
    }
    const std::lock_guard<std::mutex> group_lock(joined->lock);
    ++joined->sharers;
    return joined;
  }
};

LookSharer::LookSharer(const std::string& network, const PictureShape& shape) : group_(Group::join(network, shape)) {}

LookSharer::~LookSharer() {
  // Pictures are let go of without the lock: that may call into whoever made them.
  std::list<Entry> dropped;
  const std::lock_guard<std::mutex> lock(group_->lock);
  if (--group_->sharers < 2) dropped.swap(group_->entries);
}

std::shared_ptr<PictureLook> LookSharer::take(const PictureIdentity& picture, std::unique_ptr<HeldPicture> held) {
  std::list<Entry> dropped;
  const std::lock_guard<std::mutex> lock(group_->lock);
  if (group_->sharers < 2) return nullptr;
  std::list<Entry>& entries = group_->entries;
  const auto drop = [&](std::list<Entry>::iterator entry) { dropped.splice(dropped.end(), entries, entry); };
  for (auto entry = entries.begin(); entry != entries.end();) {
    const auto next = std::next(entry);
    if (!entry->held->wanted()) drop(entry);
    entry = next;
  }
  auto found =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.picture == picture; });
  if (found == entries.end()) {
    if (entries.size() == kMostPictures) drop(entries.begin());
    found = entries.insert(entries.end(), {picture, std::move(held), std::make_shared<PictureLook>()});
  }
  std::shared_ptr<PictureLook> look = found->look;
  if (++found->taken >= group_->sharers) drop(found);
  return look;
}

}  // namespace steg
