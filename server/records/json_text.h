// SPDX-License-Identifier: Apache-2.0
// What the JSON forms of all records share. Everything here appends to a string.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "server/records/json.h"
#include "server/records/micros.h"

namespace scamper::records {

// Literals and numbers. Values are taken modulo the width that the tool prints.
inline void JsonLiteral(absl::string_view text, std::string* out) {
  out->append(text.data(), text.size());
}

inline void JsonU32(uint64_t value, std::string* out) {
  char digits[10];
  const auto end = std::to_chars(digits, digits + sizeof digits, static_cast<uint32_t>(value));
  out->append(digits, static_cast<size_t>(end.ptr - digits));
}
inline void JsonU16(uint64_t value, std::string* out) { JsonU32(value & 0xffff, out); }
inline void JsonU8(uint64_t value, std::string* out) { JsonU32(value & 0xff, out); }

// The prefix and then the number: JsonU16(",\"sport\":", 5, out).
inline void JsonU32(absl::string_view prefix, uint64_t value, std::string* out) {
  JsonLiteral(prefix, out);
  JsonU32(value, out);
}
inline void JsonU16(absl::string_view prefix, uint64_t value, std::string* out) {
  JsonU32(prefix, value & 0xffff, out);
}
inline void JsonU8(absl::string_view prefix, uint64_t value, std::string* out) {
  JsonU32(prefix, value & 0xff, out);
}

// Milliseconds with three decimals: micros modulo 2^32.
void JsonMillis(uint64_t micros, std::string* out);
void JsonMillis(const google::protobuf::Duration& duration, std::string* out);

// {"sec":1,"usec":2}; `separator` is "," or ", ", which depends on the place.
void JsonTime(const google::protobuf::Timestamp& time, absl::string_view separator,
              std::string* out);
void JsonTime(const google::protobuf::Duration& time, absl::string_view separator,
              std::string* out);

// "YYYY-MM-DD HH:MM:SS" in the time zone of the process, without quotes.
void JsonLocalTime(const google::protobuf::Timestamp& time, std::string* out);

// The contents of a string, without its quotes. Without quirks: whole, with '"', '\' and
// control bytes escaped; of a text that is not UTF-8, also each byte that is not ASCII, as the
// character of ISO 8859-1. With: cut at the first byte that is not printable ASCII, and to
// `max` characters, of which an escape is never split.
void JsonEscaped(absl::string_view text, bool quirks, size_t max, std::string* out);
// A string that the tool does not escape; without quirks as JsonEscaped.
void JsonRaw(absl::string_view text, bool quirks, std::string* out);

// The prefix, which ends in the opening quote, the contents, and the closing quote.
inline void JsonString(absl::string_view prefix, absl::string_view text, const JsonContext& context,
                       size_t max, std::string* out) {
  JsonLiteral(prefix, out);
  JsonEscaped(text, context.scamper_quirks, max, out);
  out->push_back('"');
}
inline void JsonRawString(absl::string_view prefix, absl::string_view text,
                          const JsonContext& context, std::string* out) {
  JsonLiteral(prefix, out);
  JsonRaw(text, context.scamper_quirks, out);
  out->push_back('"');
}
// An address or another text that needs no escapes.
inline void JsonPlainString(absl::string_view prefix, absl::string_view text, std::string* out) {
  JsonLiteral(prefix, out);
  JsonLiteral(text, out);
  out->push_back('"');
}

// Gathers many short things for one append, which takes a fraction of the time of as many
// appends. Nothing is in `out` before Flush() or the end of the piece.
class JsonPiece {
 public:
  explicit JsonPiece(std::string* out) : out_(out) {}
  ~JsonPiece() { Flush(); }
  JsonPiece(const JsonPiece&) = delete;
  JsonPiece& operator=(const JsonPiece&) = delete;

  void Flush() {
    out_->append(text_, static_cast<size_t>(end_ - text_));
    end_ = text_;
  }

  template <size_t kSize>
  void Literal(const char (&text)[kSize]) {
    static_assert(kSize <= sizeof text_);
    Reserve(kSize);
    std::memcpy(end_, text, kSize - 1);
    end_ += kSize - 1;
  }
  void Text(absl::string_view text) {
    Reserve(text.size());
    if (text.size() > sizeof text_) {
      JsonLiteral(text, out_);
      return;
    }
    std::memcpy(end_, text.data(), text.size());
    end_ += text.size();
  }

  // As the functions of these names, the prefix first.
  template <size_t kSize>
  void U32(const char (&prefix)[kSize], uint64_t value) {
    Literal(prefix);
    Number(static_cast<uint32_t>(value));
  }
  template <size_t kSize>
  void U16(const char (&prefix)[kSize], uint64_t value) {
    U32(prefix, value & 0xffff);
  }
  template <size_t kSize>
  void U8(const char (&prefix)[kSize], uint64_t value) {
    U32(prefix, value & 0xff);
  }
  template <size_t kSize>
  void Millis(const char (&prefix)[kSize], const google::protobuf::Duration& duration) {
    Literal(prefix);
    Reserve(kMaxMillis);
    end_ += PutMillis(static_cast<uint32_t>(Micros(duration)), end_);
  }
  template <size_t kSize>
  void PlainString(const char (&prefix)[kSize], absl::string_view text) {
    Literal(prefix);
    Text(text);
    Literal("\"");
  }

 private:
  void Reserve(size_t n) {
    if (static_cast<size_t>(text_ + sizeof text_ - end_) < n) Flush();
  }
  void Number(uint32_t value) {
    Reserve(10);
    end_ = std::to_chars(end_, text_ + sizeof text_, value).ptr;
  }

  std::string* out_;
  char text_[512];
  char* end_ = text_;
};

// ,"monitor":"..." where the context's list has one.
void JsonMonitor(const JsonContext& context, std::string* out);

// A piece of the line that the tool assembles in a fixed buffer. With quirks, End() cuts
// what was appended since to `capacity` characters; without, nothing happens.
//
//   JsonFragment hop(context, 1023, out);
//   ... append ...
//   hop.End();
class JsonFragment {
 public:
  JsonFragment(const JsonContext& context, size_t capacity, std::string* out)
      : out_(out), limit_(context.scamper_quirks ? out->size() + capacity : SIZE_MAX) {}

  // Two digits a byte, without quotes; stops before a pair that does not fit, so that
  // what follows may still use a last single character.
  void Hex(absl::string_view bytes);
  void End() {
    if (out_->size() > limit_) out_->resize(limit_);
  }

 private:
  std::string* out_;
  const size_t limit_;
};

// Joins with `separator`: Next() before each item.
class JsonJoin {
 public:
  JsonJoin(absl::string_view separator, std::string* out) : separator_(separator), out_(out) {}
  void Next() {
    if (!first_) JsonLiteral(separator_, out_);
    first_ = false;
  }

 private:
  absl::string_view separator_;
  std::string* out_;
  bool first_ = true;
};

// The name of `code`, or its number where the table has none ("" or beyond its end).
template <size_t kSize>
void JsonName(const absl::string_view (&names)[kSize], uint64_t code, std::string* out) {
  if (code < kSize && !names[code].empty()) {
    JsonLiteral(names[code], out);
  } else {
    JsonU32(code, out);
  }
}

}  // namespace scamper::records
