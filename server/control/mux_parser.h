// SPDX-License-Identifier: Apache-2.0
// The framing of sc_remoted's mux socket, which carries the control connections of many
// vantage points. No I/O.
//
// A frame: channel u32, length u32 (big endian), that many bytes. Channel 0 says which vantage
// points there are; on any other, which the client chose, a vantage point's control connection is
// spoken as if it were one of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scamper/v1/vantage_point.pb.h"

namespace scamper::control {

struct MuxEvent {
  enum class Kind {
    kUpdate,  // a vantage point is there, or is known better: id, vantage_point
    kDepart,  // it is gone, with all its channels: id
    kGo,      // all that were there at the beginning have been told of
    kClose,   // the channel has ended: id
    kData,    // bytes of a channel: id, data
  };
  Kind kind = Kind::kGo;
  // Of a vantage point, from 1; or of a channel.
  uint32_t id = 0;
  // Of kUpdate.
  std::unique_ptr<v1::VantagePoint> vantage_point;
  // A part of what was fed. A frame may come in several pieces.
  absl::string_view data;
};

// Bytes may be fed in pieces of any size. Control frames and attributes that are not known are
// skipped, as are values that a field cannot hold: those stand in VantagePoint.other. Not
// thread-safe.
class MuxParser {
 public:
  // Of a control frame; sc_remoted's have 1024 bytes at most.
  static constexpr uint32_t kMaxControl = 64 << 10;
  // Of any frame; sc_remoted's are of some kilobytes.
  static constexpr uint32_t kMaxFrame = 16 << 20;

  // The bytes must stay there until Next returns nothing. REQUIRES: it did.
  void Feed(absl::string_view bytes);

  // The next event; nullopt when more bytes are needed. DATA_LOSS when the bytes are not a mux's:
  // says the byte (counted from the start of the connection) and what was expected. Such an error
  // stays.
  absl::StatusOr<std::optional<MuxEvent>> Next();

  // Whether the connection may end here.
  bool AtBoundary() const { return in_data_ == 0 && kept_.empty() && fed_.empty(); }

 private:
  absl::StatusOr<std::optional<MuxEvent>> NextEvent();
  absl::StatusOr<std::optional<MuxEvent>> Control(absl::string_view frame) const;
  // Checks a header; says how long its frame is as far as it must come whole.
  absl::StatusOr<size_t> WholeLength(absl::string_view header) const;
  absl::Status Violation(absl::string_view what) const;

  absl::string_view fed_;  // not consumed
  std::string kept_;       // what came of a header or a control frame that is not whole
  uint64_t offset_ = 0;    // of the frame in the connection
  uint32_t channel_ = 0;
  uint32_t in_data_ = 0;  // bytes of the channel's frame still to come
  absl::Status error_;
};

// What a client says: "the vantage point's control connection is this channel from now on".
// REQUIRES: a channel that was never used on this connection; the vantage point is there:
// otherwise sc_remoted closes everything.
std::string MuxOpenFrame(uint32_t vantage_point, uint32_t channel);
// REQUIRES: an open channel, and bytes: any, in any pieces.
void AppendMuxData(uint32_t channel, absl::string_view bytes, std::string* out);

}  // namespace scamper::control
