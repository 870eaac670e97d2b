// SPDX-License-Identifier: Apache-2.0
#include "server/control/reply_parser.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/control/uudecode.h"

namespace scamper::control {
namespace {

constexpr size_t kWartsHeader = 8;
constexpr uint16_t kWartsMagic = 0x1205;
constexpr size_t kShownBytes = 60;

uint32_t BigEndian(absl::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

// Decimal digits with an optional minus, nothing else.
bool ParseNumber(absl::string_view text, int64_t* out) {
  const absl::string_view digits = absl::StripPrefix(text, "-");
  if (digits.empty() || digits.size() > 18) return false;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
  }
  return absl::SimpleAtoi(text, out);
}

}  // namespace

std::string Describe(const Reply& reply) {
  const std::string id = reply.id.has_value() ? absl::StrCat(*reply.id) : std::string();
  switch (reply.kind) {
    case ReplyKind::kOk:
      return "OK";
    case ReplyKind::kAccepted:
      return absl::StrCat("OK id-", id);
    case ReplyKind::kHalted:
      return absl::StrCat("OK halted ", id);
    case ReplyKind::kValue:
      return absl::StrCat("OK ", reply.name, " ", reply.text);
    case ReplyKind::kNull:
      return absl::StrCat("OK null ", reply.name);
    case ReplyKind::kErr:
      return absl::StrCat("ERR ", reply.text);
    case ReplyKind::kInfo:
      return absl::StrCat("INFO ", reply.text);
    case ReplyKind::kMore:
      return "MORE";
    case ReplyKind::kData:
      return id.empty() ? "DATA" : absl::StrCat("DATA id-", id);
  }
  return "";
}

void ReplyParser::Feed(absl::string_view bytes) {
  if (!error_.ok()) return;
  if (begin_ > 0) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  buffer_.append(bytes.data(), bytes.size());
}

absl::StatusOr<std::optional<Reply>> ReplyParser::Next() {
  if (!error_.ok()) return error_;
  absl::StatusOr<std::optional<Reply>> reply = NextReply();
  if (!reply.ok()) error_ = reply.status();
  return reply;
}

absl::StatusOr<std::optional<Reply>> ReplyParser::NextReply() {
  if (!in_payload_) {
    const size_t lf = buffer_.find('\n', begin_ + scanned_);
    const size_t length = lf == std::string::npos ? Available() : lf - begin_;
    const absl::string_view line(buffer_.data() + begin_, length);
    if (length > kMaxLine) {
      return Violation(absl::StrCat("a line of at most ", kMaxLine, " bytes"), line);
    }
    if (lf == std::string::npos) {
      scanned_ = length;
      return std::nullopt;
    }
    reply_ = Reply();
    if (absl::Status status = ParseLine(line); !status.ok()) return status;
    Consume(length + 1);
    if (reply_.kind != ReplyKind::kData) return std::move(reply_);
    in_payload_ = true;
  }
  if (Available() < payload_length_) return std::nullopt;
  if (absl::Status status = DecodePayload(); !status.ok()) return status;
  Consume(payload_length_);
  in_payload_ = false;
  return std::move(reply_);
}

std::string ReplyParser::Unfinished() const {
  if (!in_payload_) return absl::StrCat("a line after ", Available(), " bytes");
  return absl::StrCat("a DATA payload after ", Available(), " of ", payload_length_, " bytes");
}

absl::Status ReplyParser::ParseLine(absl::string_view line) {
  if (line == "OK") return absl::OkStatus();
  if (line == "MORE") {
    reply_.kind = ReplyKind::kMore;
    return absl::OkStatus();
  }
  absl::string_view rest = line;
  if (absl::ConsumePrefix(&rest, "OK ")) return ParseOk(rest);
  if (absl::ConsumePrefix(&rest, "DATA ")) return ParseData(rest);
  if (absl::ConsumePrefix(&rest, "ERR ")) {
    reply_.kind = ReplyKind::kErr;
  } else if (absl::ConsumePrefix(&rest, "INFO ")) {
    reply_.kind = ReplyKind::kInfo;
  } else {
    return Violation("OK, ERR, INFO, MORE or DATA", line);
  }
  reply_.text = std::string(rest);
  return absl::OkStatus();
}

absl::Status ReplyParser::ParseOk(absl::string_view rest) {
  if (absl::ConsumePrefix(&rest, "id-")) {
    reply_.kind = ReplyKind::kAccepted;
    return ParseId(rest, "a task number behind 'OK id-'");
  }
  const size_t space = rest.find(' ');
  const absl::string_view name = rest.substr(0, space);
  const absl::string_view value =
      space == absl::string_view::npos ? absl::string_view() : rest.substr(space + 1);
  if (name == "halted") {
    reply_.kind = ReplyKind::kHalted;
    return ParseId(value, "a task number behind 'OK halted'");
  }
  if (name.empty() || (name == "null" && value.empty())) {
    return Violation("a name behind 'OK'", rest);
  }
  reply_.kind = name == "null" ? ReplyKind::kNull : ReplyKind::kValue;
  reply_.name = std::string(name == "null" ? value : name);
  if (reply_.kind == ReplyKind::kValue) reply_.text = std::string(value);
  return absl::OkStatus();
}

absl::Status ReplyParser::ParseData(absl::string_view rest) {
  reply_.kind = ReplyKind::kData;
  const size_t space = rest.find(' ');
  int64_t length = 0;
  if (!ParseNumber(rest.substr(0, space), &length) || length < 0) {
    return Violation("a length behind 'DATA'", rest);
  }
  payload_length_ = static_cast<uint64_t>(length);
  if (payload_length_ > kMaxPayload) {
    return Violation(absl::StrCat("a DATA length of at most ", kMaxPayload), rest);
  }
  if (!IsPossibleUuLength(payload_length_)) {
    return Violation("a DATA length of uuencoded text", rest);
  }
  if (space == absl::string_view::npos) return absl::OkStatus();
  absl::string_view id = rest.substr(space + 1);
  if (!absl::ConsumePrefix(&id, "id-")) {
    return Violation("'id-' behind the DATA length", rest);
  }
  reply_.in_progress = absl::ConsumeSuffix(&id, " inprog");
  return ParseId(id, "a task number behind the DATA length");
}

absl::Status ReplyParser::ParseId(absl::string_view digits, absl::string_view expected) {
  int64_t id = 0;
  if (!ParseNumber(digits, &id) || id == 0 || id < INT32_MIN || id > UINT32_MAX) {
    return Violation(expected, digits);
  }
  reply_.id = static_cast<uint32_t>(id);
  return absl::OkStatus();
}

absl::Status ReplyParser::DecodePayload() {
  absl::StatusOr<std::string> record =
      UuDecode(absl::string_view(buffer_.data() + begin_, payload_length_), offset_);
  if (!record.ok()) return record.status();
  const absl::string_view bytes = *record;
  if (bytes.size() < kWartsHeader || BigEndian(bytes.substr(0, 2)) != kWartsMagic ||
      BigEndian(bytes.substr(4, 4)) != bytes.size() - kWartsHeader) {
    return absl::DataLossError(absl::StrCat(
        "byte ", offset_, ": expected a payload of one whole warts record, got ", bytes.size(),
        " bytes that begin with ", absl::BytesToHexString(bytes.substr(0, kWartsHeader))));
  }
  reply_.record = *std::move(record);
  return absl::OkStatus();
}

absl::Status ReplyParser::Violation(absl::string_view expected, absl::string_view got) const {
  return absl::DataLossError(absl::StrCat("byte ", offset_, ": expected ", expected, ", got '",
                                          absl::CHexEscape(got.substr(0, kShownBytes)), "'",
                                          got.size() > kShownBytes ? "..." : ""));
}

void ReplyParser::Consume(size_t bytes) {
  begin_ += bytes;
  offset_ += bytes;
  scanned_ = 0;
}

}  // namespace scamper::control
