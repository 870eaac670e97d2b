// SPDX-License-Identifier: Apache-2.0
#include "server/records/trace/trace_mtu_text.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/ip_address.h"

namespace scamper::records {
namespace {

using v1::Trace;
using v1::TraceHop;
using v1::TracePmtud;
using v1::TracePmtudNote;

constexpr size_t kMaxAnnotation = 255;

bool IsTooBig(const TraceHop& hop) {
  return hop.summary().kind() == v1::REPLY_KIND_ICMP_PACKET_TOO_BIG;
}

// Addresses of one subnet of a point-to-point link.
bool OnOneLink(const std::string& a, const std::string& b) {
  const auto left = base::ParseIpAddress(a);
  const auto right = base::ParseIpAddress(b);
  if (!left || !right) return false;
  return base::CommonPrefixLength(*left, *right) >= (left->v6 ? 126 : 30);
}

class Annotator {
 public:
  Annotator(const Trace& trace, uint32_t hop_count)
      : trace_(trace),
        pmtud_(trace.pmtud()),
        hop_count_(hop_count),
        lines_(hop_count + 1),
        first_(hop_count + 1) {
    end_ = trace.stop_hop() > 0 && trace.stop_hop() <= hop_count ? trace.stop_hop() : hop_count;
    for (const TraceHop& hop : trace.hops()) {
      if (hop.probe_ttl() <= hop_count && first_[hop.probe_ttl()] == nullptr)
        first_[hop.probe_ttl()] = &hop;
    }
  }

  std::vector<std::string> Run() {
    const uint32_t version = pmtud_.has_version() ? pmtud_.version() : 1;
    mtu_ = size_ = pmtud_.if_mtu();
    if (pmtud_.out_mtu() != 0) size_ = pmtud_.out_mtu();
    if (version == 1) Version1();
    if (version == 2) Version2();
    for (uint32_t ttl = end_ + 1; ttl <= hop_count_; ++ttl) lines_[ttl].clear();
    return std::move(lines_);
  }

 private:
  // First reply of that TTL; null where there is none.
  const TraceHop* First(uint32_t ttl) const { return ttl <= hop_count_ ? first_[ttl] : nullptr; }

  void Mark(uint32_t ttl) {
    lines_[ttl] =
        mtu_ == size_ ? absl::StrCat(" [mtu: ", mtu_, "]") : absl::StrCat(" [*mtu: ", size_, "]");
  }

  // Without notes: the path MTU replies are met in order along the path.
  void Version1() {
    int next = 0;
    for (uint32_t ttl = 1; ttl <= hop_count_ && next < pmtud_.hops_size(); ++ttl) {
      const TraceHop* first = First(ttl);
      if (first == nullptr) continue;
      const TraceHop& reply = pmtud_.hops(next);
      const int64_t distance = int64_t{reply.probe_ttl()} - reply.summary().icmp_q_ttl();
      if (reply.src() == first->src()) {
        Mark(ttl);
        if (IsTooBig(reply)) mtu_ = reply.icmp_nhmtu();
      } else if (int64_t{ttl} - 1 >= distance) {
        if (IsTooBig(reply)) mtu_ = size_ = reply.icmp_nhmtu();
        Mark(ttl);
      } else {
        Mark(ttl);
        continue;
      }
      ++next;
      size_ = next < pmtud_.hops_size() ? pmtud_.hops(next).probe_size() : pmtud_.path_mtu();
    }
  }

  void MarkUpTo(uint32_t last) {
    for (; next_ttl_ <= last; ++next_ttl_) {
      if (First(next_ttl_) != nullptr) Mark(next_ttl_);
    }
  }

  void Version2() {
    // The first note is then about the link that out_mtu is of.
    for (int i = pmtud_.out_mtu() != 0 ? 1 : 0; i < pmtud_.notes_size(); ++i) {
      const TracePmtudNote& note = pmtud_.notes(i);
      if (note.has_hop() && note.hop() < static_cast<uint32_t>(pmtud_.hops_size())) {
        Note(note, pmtud_.hops(static_cast<int>(note.hop())));
      } else {
        size_ = note.nhmtu();
      }
    }
    MarkUpTo(end_);
  }

  void Note(const TracePmtudNote& note, const TraceHop& reply) {
    const uint32_t ttl = Distance(note, reply);
    if (ttl == 0) return;
    last_distance_ = ttl;
    MarkUpTo(ttl);
    if (IsTooBig(reply)) TooBig(note, reply, ttl);
    size_ = note.nhmtu();
  }

  void TooBig(const TracePmtudNote& note, const TraceHop& reply, uint32_t ttl) {
    const TraceHop* first = First(ttl);
    if (first == nullptr) Mark(ttl);
    std::string& line = lines_[ttl];
    const bool foreign = first == nullptr || first->src() != reply.src();
    if (foreign) absl::StrAppend(&line, " ptb ", reply.src());
    if (note.nhmtu() != reply.icmp_nhmtu())
      absl::StrAppend(&line, " nhmtu ", reply.icmp_nhmtu(), "!");
    if (line.size() > kMaxAnnotation) line.resize(kMaxAnnotation);
    mtu_ = reply.icmp_nhmtu();
  }

  // The TTL that a note's reply belongs to; 0 where it is not known.
  uint32_t Distance(const TracePmtudNote& note, const TraceHop& reply) const {
    if (end_ == 0) return 0;
    if (note.type() == v1::TRACE_PMTUD_NOTE_TYPE_SILENCE)
      return reply.probe_ttl() < end_ ? reply.probe_ttl() : 0;
    const uint32_t same = TtlOfAddress(reply.src());
    if (same != 0) return same;
    const uint32_t quoted = reply.summary().icmp_q_ttl();
    if (reply.probe_ttl() <= quoted) return 0;
    uint32_t ttl = reply.probe_ttl() - quoted;
    const TraceHop* next = ttl < end_ ? First(ttl + 1) : nullptr;
    if (next == nullptr || !OnOneLink(next->src(), reply.src())) ++ttl;
    return std::min(ttl, end_ - 1);
  }

  // The lowest TTL behind the last distance that has a reply of that address; 0 where none has.
  uint32_t TtlOfAddress(const std::string& src) const {
    uint32_t best = 0;
    for (const TraceHop& hop : trace_.hops()) {
      const uint32_t ttl = hop.probe_ttl();
      if (ttl > last_distance_ && ttl <= end_ && (best == 0 || ttl < best) && hop.src() == src)
        best = ttl;
    }
    return best;
  }

  const Trace& trace_;
  const TracePmtud& pmtud_;
  const uint32_t hop_count_;
  // Last TTL with an annotation.
  uint32_t end_ = 0;
  std::vector<std::string> lines_;
  std::vector<const TraceHop*> first_;
  // MTU known so far, and size of the probes.
  uint32_t mtu_ = 0;
  uint32_t size_ = 0;
  uint32_t next_ttl_ = 1;
  uint32_t last_distance_ = 0;
};

}  // namespace

std::vector<std::string> MtuAnnotations(const Trace& trace, uint32_t hop_count) {
  return Annotator(trace, hop_count).Run();
}

}  // namespace scamper::records
