// SPDX-License-Identifier: Apache-2.0
// What a scamper daemon says on a control connection, cut into replies. No I/O.
//
//   parser.Feed(bytes);
//   while (true) {
//     auto reply = parser.Next();      // error: the peer broke the protocol
//     if (!reply.ok() || !reply->has_value()) break;
//     ...
//   }
//
// Bytes may be fed in pieces of any size. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scamper::control {

enum class ReplyKind {
  kOk,        // "OK"
  kAccepted,  // "OK id-<n>": id
  kHalted,    // "OK halted <n>": id
  kValue,     // "OK <name> <value>": name, text
  kNull,      // "OK null <name>": name
  kErr,       // "ERR <text>": text
  kInfo,      // "INFO <text>": text
  kMore,      // "MORE"
  kData,      // "DATA <len> [id-<n> [inprog]]" and its payload: id, in_progress, record
};

struct Reply {
  ReplyKind kind = ReplyKind::kOk;
  // 1 to 2^32-1. scamper prints the id of "OK id-<n>" as a signed number; here it is unsigned.
  std::optional<uint32_t> id;
  bool in_progress = false;
  std::string name;
  std::string text;
  // One whole warts record, header included, decoded.
  std::string record;
};

// The reply as its line, without payload; for messages.
std::string Describe(const Reply& reply);

class ReplyParser {
 public:
  // Of a line, LF not counted.
  static constexpr size_t kMaxLine = 64 << 10;
  // Of a DATA payload before decoding; refused by its line, before memory is taken.
  static constexpr uint64_t kMaxPayload = 256 << 20;

  // Takes the next bytes from the daemon.
  void Feed(absl::string_view bytes);

  // The next whole reply; nullopt when more bytes are needed. DATA_LOSS when the bytes are
  // not scamper's protocol: says the byte (counted from the start of the connection), what
  // was expected and what came. Such an error stays.
  absl::StatusOr<std::optional<Reply>> Next();

  // Whether everything fed was returned by Next: the place where a connection may end.
  bool AtBoundary() const { return !in_payload_ && begin_ == buffer_.size(); }
  // What an end of the connection now would cut off, e.g. "a DATA payload after 3 of 44 bytes".
  // REQUIRES: !AtBoundary().
  std::string Unfinished() const;

 private:
  absl::StatusOr<std::optional<Reply>> NextReply();
  absl::Status ParseLine(absl::string_view line);
  absl::Status ParseOk(absl::string_view rest);
  absl::Status ParseData(absl::string_view rest);
  absl::Status ParseId(absl::string_view digits, absl::string_view expected);
  absl::Status DecodePayload();
  absl::Status Violation(absl::string_view expected, absl::string_view got) const;
  void Consume(size_t bytes);
  size_t Available() const { return buffer_.size() - begin_; }

  std::string buffer_;
  size_t begin_ = 0;     // first byte of buffer_ not consumed
  size_t scanned_ = 0;   // bytes behind begin_ known to hold no LF
  uint64_t offset_ = 0;  // of buffer_[begin_] in the connection
  bool in_payload_ = false;
  uint64_t payload_length_ = 0;
  Reply reply_;
  absl::Status error_;
};

}  // namespace scamper::control
