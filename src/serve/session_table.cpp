#include "serve/session_table.h"

#include <algorithm>

namespace ringmaker::serve {

SessionTable::SessionTable(size_t shard, const SessionOptions& options, SessionCount& open)
    : shard_(static_cast<uint16_t>(shard)),
      options_(options),
      open_(open),
      over_to_(options.shards) {}

void SessionTable::free(uint32_t slot) {
  places_[slot].expiry_s = 0;
  free_.push_back(slot);
  open_.leave();
}

void SessionTable::free_expired(uint64_t now_s) {
  if (now_s < next_expiry_s_) {
    return;
  }
  next_expiry_s_ = kNever;
  for (size_t slot = 0; slot < places_.size(); ++slot) {
    const Place& place = places_[slot];
    if (place.expiry_s != 0 && place.expiry_s <= now_s) {
      free(static_cast<uint32_t>(slot));
    } else if (place.expiry_s != 0) {
      next_expiry_s_ = std::min(next_expiry_s_, place.expiry_s);
    }
  }
}

std::optional<Session> SessionTable::open(uint64_t now_s) {
  free_expired(now_s);
  if (!open_.enter()) {
    return std::nullopt;
  }
  if (free_.empty()) {
    free_.push_back(static_cast<uint32_t>(places_.size()));
    places_.emplace_back();
  }
  const uint32_t slot = free_.back();
  free_.pop_back();
  Place& place = places_[slot];
  ++place.serial;
  place.expiry_s = now_s + options_.lifetime_s;
  next_expiry_s_ = std::min(next_expiry_s_, place.expiry_s);
  return Session{shard_, slot, place.serial, place.expiry_s};
}

std::optional<Session> SessionTable::find(std::string_view id, uint64_t now_s) const noexcept {
  const std::optional<Session> session = parse_session_id(id, options_.key);
  if (!session || session->shard >= over_to_.size() || session->expiry_s <= now_s) {
    return std::nullopt;
  }
  const std::vector<uint32_t>& over_to = over_to_[session->shard];
  const bool over = session->slot < over_to.size() && session->serial <= over_to[session->slot];
  return over ? std::nullopt : session;
}

void SessionTable::close(const Session& session) {
  std::vector<uint32_t>& over_to = over_to_[session.shard];
  if (over_to.size() <= session.slot) {
    over_to.resize(session.slot + 1);
  }
  over_to[session.slot] = std::max(over_to[session.slot], session.serial);
  if (session.shard == shard_ && places_[session.slot].serial == session.serial &&
      places_[session.slot].expiry_s != 0) {
    free(session.slot);
  }
}

}  // namespace ringmaker::serve
