// SPDX-License-Identifier: Apache-2.0
#include "server/control/mux_parser.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/ip_address.h"
#include "server/base/utf8.h"

namespace scamper::control {
namespace {

constexpr size_t kHeader = 8;
enum Type : uint16_t { kUpdate = 0, kDepart = 1, kGo = 2, kOpen = 3, kClose = 4 };
enum Attribute : uint16_t {
  kMonitorName = 1,
  kArrival = 2,
  kIpv4 = 3,
  kAsn4 = 4,
  kCountry = 5,
  kRegion = 6,
  kPlace = 7,
  kLatLong = 8,
  kShortname = 9,
  kTag = 10,
  kIata = 11,
  kIpv6 = 12,
  kAsn6 = 13,
};

uint32_t BigEndian(absl::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

void Append(uint32_t value, int bytes, std::string* out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>(value >> shift & 0xff));
  }
}

// "seconds.microseconds", of unix time.
bool SetArrival(absl::string_view text, v1::VantagePoint* vp) {
  const size_t point = text.find('.');
  int64_t seconds = 0;
  int32_t micros = 0;
  if (!absl::SimpleAtoi(text.substr(0, point), &seconds) || seconds < 0 ||
      seconds > 253402300799) {  // The last second of 9999, as in Timestamp.
    return false;
  }
  if (point != absl::string_view::npos) {
    const absl::string_view fraction = text.substr(point + 1);
    if (fraction.size() != 6 ||
        fraction.find_first_not_of("0123456789") != absl::string_view::npos ||
        !absl::SimpleAtoi(fraction, &micros)) {
      return false;
    }
  }
  vp->mutable_arrival_time()->set_seconds(seconds);
  vp->mutable_arrival_time()->set_nanos(micros * 1000);
  return true;
}

// Until 20260420 an IPv6 address came as IPv4's attribute.
bool SetAddress(absl::string_view text, v1::VantagePoint* vp) {
  const auto address = base::ParseIpAddress(text);
  if (!address) return false;
  (address->v6 ? vp->mutable_ipv6() : vp->mutable_ipv4())->assign(base::FormatIpAddress(*address));
  return true;
}

// "64496" or "AS64496".
bool ReadAsn(absl::string_view text, uint32_t* asn) {
  if (absl::StartsWithIgnoreCase(text, "as")) text.remove_prefix(2);
  return text.find_first_not_of("0123456789") == absl::string_view::npos &&
         absl::SimpleAtoi(text, asn);
}

bool SetLocation(absl::string_view text, v1::VantagePoint* vp) {
  const size_t comma = text.find(',');
  double latitude = 0;
  double longitude = 0;
  if (comma == absl::string_view::npos || !absl::SimpleAtod(text.substr(0, comma), &latitude) ||
      !absl::SimpleAtod(text.substr(comma + 1), &longitude) || !(std::abs(latitude) <= 90) ||
      !(std::abs(longitude) <= 180)) {
    return false;
  }
  vp->mutable_location()->set_latitude(latitude);
  vp->mutable_location()->set_longitude(longitude);
  return true;
}

// A text that proto can hold: where it is not UTF-8, '?' for what is not ASCII.
std::string Text(absl::string_view value) {
  std::string text(value);
  if (!base::IsUtf8(value)) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<uint8_t>(c) >= 0x80; }, '?');
  }
  return text;
}

void Set(uint16_t attribute, absl::string_view value, v1::VantagePoint* vp) {
  uint32_t asn = 0;
  switch (attribute) {
    case kMonitorName:
      return vp->set_monitor_name(Text(value));
    case kArrival:
      if (!SetArrival(value, vp)) (*vp->mutable_other())["arrival_time"] = Text(value);
      return;
    case kIpv4:
    case kIpv6:
      if (!SetAddress(value, vp)) {
        (*vp->mutable_other())[attribute == kIpv4 ? "ipv4" : "ipv6"] = Text(value);
      }
      return;
    case kAsn4:
    case kAsn6:
      if (!ReadAsn(value, &asn)) {
        (*vp->mutable_other())[attribute == kAsn4 ? "asn4" : "asn6"] = Text(value);
      } else {
        attribute == kAsn4 ? vp->set_asn4(asn) : vp->set_asn6(asn);
      }
      return;
    case kCountry:
      return vp->set_country(Text(value));
    case kRegion:
      return vp->set_region(Text(value));
    case kPlace:
      return vp->set_place(Text(value));
    case kLatLong:
      if (!SetLocation(value, vp)) (*vp->mutable_other())["location"] = Text(value);
      return;
    case kShortname:
      return vp->set_shortname(Text(value));
    case kTag:
      return vp->add_tags(Text(value));
    case kIata:
      return vp->set_iata(Text(value));
    default:
      (*vp->mutable_other())[absl::StrCat("attribute ", attribute)] = Text(value);
  }
}

}  // namespace

void MuxParser::Feed(absl::string_view bytes) { fed_ = bytes; }

absl::StatusOr<std::optional<MuxEvent>> MuxParser::Next() {
  if (!error_.ok()) return error_;
  absl::StatusOr<std::optional<MuxEvent>> event = NextEvent();
  if (!event.ok()) error_ = event.status();
  return event;
}

absl::StatusOr<std::optional<MuxEvent>> MuxParser::NextEvent() {
  while (true) {
    if (in_data_ > 0) {
      if (fed_.empty()) return std::nullopt;
      MuxEvent event;
      event.kind = MuxEvent::Kind::kData;
      event.id = channel_;
      event.data = fed_.substr(0, in_data_);
      in_data_ -= static_cast<uint32_t>(event.data.size());
      offset_ += event.data.size();
      fed_.remove_prefix(event.data.size());
      return event;
    }
    // Straight from what was fed, if it is whole there.
    absl::string_view frame = kept_.empty() ? fed_ : kept_;
    size_t needed = kHeader;
    if (frame.size() >= kHeader) {
      absl::StatusOr<size_t> whole = WholeLength(frame);
      if (!whole.ok()) return whole.status();
      needed = *whole;
    }
    if (frame.size() < needed) {
      if (fed_.empty()) return std::nullopt;
      const absl::string_view more = fed_.substr(0, needed - kept_.size());
      kept_.append(more.data(), more.size());
      fed_.remove_prefix(more.size());
      continue;
    }
    absl::StatusOr<std::optional<MuxEvent>> event(std::nullopt);
    channel_ = BigEndian(frame.substr(0, 4));
    if (channel_ != 0) {
      in_data_ = BigEndian(frame.substr(4, 4));
    } else {
      event = Control(frame.substr(kHeader, needed - kHeader));
      if (!event.ok()) return event.status();
    }
    if (kept_.empty()) fed_.remove_prefix(needed);
    kept_.clear();
    offset_ += needed;
    if (event->has_value()) return event;
  }
}

absl::StatusOr<size_t> MuxParser::WholeLength(absl::string_view header) const {
  const uint32_t length = BigEndian(header.substr(4, 4));
  if (length > kMaxFrame) {
    return Violation(
        absl::StrCat("expected a frame of at most ", kMaxFrame, " bytes, got one of ", length));
  }
  if (BigEndian(header.substr(0, 4)) != 0) return kHeader;
  if (length < 2 || length > kMaxControl) {
    return Violation(absl::StrCat("expected a control frame of 2 to ", kMaxControl,
                                  " bytes, got one of ", length));
  }
  return kHeader + length;
}

absl::StatusOr<std::optional<MuxEvent>> MuxParser::Control(absl::string_view frame) const {
  MuxEvent event;
  const uint32_t type = BigEndian(frame.substr(0, 2));
  frame.remove_prefix(2);
  if (type == kGo) return event;
  if (type != kUpdate && type != kDepart && type != kClose) return std::nullopt;
  if (frame.size() < 4) {
    return Violation(absl::StrCat("expected an id in a control frame of type ", type));
  }
  event.id = BigEndian(frame.substr(0, 4));
  frame.remove_prefix(4);
  event.kind = type == kUpdate   ? MuxEvent::Kind::kUpdate
               : type == kDepart ? MuxEvent::Kind::kDepart
                                 : MuxEvent::Kind::kClose;
  if (type != kUpdate) return event;
  event.vantage_point = std::make_unique<v1::VantagePoint>();
  while (!frame.empty()) {
    const size_t end = frame.find('\0', 2);
    if (end == absl::string_view::npos) {
      return Violation("expected attributes, each a number of 2 bytes and a text that ends in NUL");
    }
    Set(static_cast<uint16_t>(BigEndian(frame.substr(0, 2))), frame.substr(2, end - 2),
        event.vantage_point.get());
    frame.remove_prefix(end + 1);
  }
  return event;
}

absl::Status MuxParser::Violation(absl::string_view what) const {
  return absl::DataLossError(absl::StrCat("byte ", offset_, ": ", what));
}

std::string MuxOpenFrame(uint32_t vantage_point, uint32_t channel) {
  std::string frame;
  Append(0, 4, &frame);
  Append(10, 4, &frame);
  Append(kOpen, 2, &frame);
  Append(vantage_point, 4, &frame);
  Append(channel, 4, &frame);
  return frame;
}

void AppendMuxData(uint32_t channel, absl::string_view bytes, std::string* out) {
  Append(channel, 4, out);
  Append(static_cast<uint32_t>(bytes.size()), 4, out);
  out->append(bytes.data(), bytes.size());
}

}  // namespace scamper::control
