// SPDX-License-Identifier: Apache-2.0
#include "server/records/json_text.h"

#include <algorithm>
#include <cstring>
#include <ctime>

#include "server/base/utf8.h"
#include "server/records/micros.h"

namespace scamper::records {
namespace {

constexpr char kHexCharacters[] = "0123456789abcdef";

void AppendTwo(int value, std::string* out) {
  out->push_back(static_cast<char>('0' + value / 10 % 10));
  out->push_back(static_cast<char>('0' + value % 10));
}

bool IsPlain(char c) { return c >= 0x20 && c <= 0x7e && c != '"' && c != '\\'; }

void EscapedByScamper(absl::string_view text, size_t max, std::string* out) {
  size_t used = 0;
  for (const char c : text) {
    if (c < 0x20 || c > 0x7e) return;
    const size_t size = IsPlain(c) ? 1 : 2;
    if (used + size > max) return;
    if (size == 2) out->push_back('\\');
    out->push_back(c);
    used += size;
  }
}

// Escapes a byte that JSON does not take as it is.
void AppendEscape(char c, std::string* out) {
  out->push_back('\\');
  if (c == '"' || c == '\\') {
    out->push_back(c);
    return;
  }
  out->append("u00");
  out->push_back(kHexCharacters[static_cast<unsigned char>(c) >> 4]);
  out->push_back(kHexCharacters[static_cast<unsigned char>(c) & 0xf]);
}

template <typename Time>
void AppendTime(const Time& time, absl::string_view separator, std::string* out) {
  JsonU32("{\"sec\":", static_cast<uint64_t>(time.seconds()), out);
  JsonLiteral(separator, out);
  JsonU32("\"usec\":", static_cast<uint32_t>(time.nanos() / 1000), out);
  out->push_back('}');
}

}  // namespace

void JsonMillis(uint64_t micros, std::string* out) {
  AppendMillis(static_cast<uint32_t>(micros), out);
}

void JsonMillis(const google::protobuf::Duration& duration, std::string* out) {
  JsonMillis(Micros(duration), out);
}

void JsonTime(const google::protobuf::Timestamp& time, absl::string_view separator,
              std::string* out) {
  AppendTime(time, separator, out);
}

void JsonTime(const google::protobuf::Duration& time, absl::string_view separator,
              std::string* out) {
  AppendTime(time, separator, out);
}

void JsonLocalTime(const google::protobuf::Timestamp& time, std::string* out) {
  const time_t seconds = static_cast<time_t>(time.seconds());
  struct tm local = {};
  localtime_r(&seconds, &local);
  const int year = local.tm_year + 1900;
  AppendTwo(year / 100, out);
  AppendTwo(year % 100, out);
  constexpr char kBefore[] = {'-', '-', ' ', ':', ':'};
  const int parts[] = {local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec};
  for (size_t i = 0; i < sizeof kBefore; ++i) {
    out->push_back(kBefore[i]);
    AppendTwo(parts[i], out);
  }
}

void JsonEscaped(absl::string_view text, bool quirks, size_t max, std::string* out) {
  if (quirks) {
    EscapedByScamper(text, max, out);
    return;
  }
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<signed char>(c) >= 0; });
  const unsigned char highest = ascii || base::IsUtf8(text) ? 0xff : 0x7e;
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && c <= highest) continue;
    out->append(text.data() + begin, i - begin);
    AppendEscape(text[i], out);
    begin = i + 1;
  }
  out->append(text.data() + begin, text.size() - begin);
}

void JsonRaw(absl::string_view text, bool quirks, std::string* out) {
  if (quirks) {
    JsonLiteral(text, out);
  } else {
    JsonEscaped(text, false, SIZE_MAX, out);
  }
}

void JsonMonitor(const JsonContext& context, std::string* out) {
  if (context.list == nullptr || !context.list->has_monitor()) return;
  JsonString(",\"monitor\":\"", context.list->monitor(), context, 511, out);
}

void JsonFragment::Hex(absl::string_view bytes) {
  const size_t room = out_->size() < limit_ ? limit_ - out_->size() : 0;
  for (const char c : bytes.substr(0, std::min(bytes.size(), room / 2))) {
    out_->push_back(kHexCharacters[static_cast<unsigned char>(c) >> 4]);
    out_->push_back(kHexCharacters[static_cast<unsigned char>(c) & 0xf]);
  }
}

}  // namespace scamper::records
