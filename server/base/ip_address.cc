// SPDX-License-Identifier: Apache-2.0
#include "server/base/ip_address.h"

#include <array>
#include <bit>
#include <cstring>
#include <initializer_list>

#include "absl/strings/ascii.h"

namespace scamper::base {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = absl::ascii_tolower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Reads groups until the end or a "::"; `*i` is left behind what was read.
// Returns the number of bytes written, or -1.
int ParseGroups(absl::string_view text, size_t* i, uint8_t* out, int room) {
  int n = 0;
  while (true) {
    const size_t begin = *i;
    unsigned value = 0;
    while (*i < text.size() && *i - begin < 4 && HexValue(text[*i]) >= 0) {
      value = value << 4 | static_cast<unsigned>(HexValue(text[(*i)++]));
    }
    if (*i == begin) return -1;
    if (*i < text.size() && text[*i] == '.') {
      if (n + 4 > room || !ParseIpv4(text.substr(begin), out + n)) return -1;
      *i = text.size();
      return n + 4;
    }
    if (n + 2 > room) return -1;
    out[n++] = static_cast<uint8_t>(value >> 8);
    out[n++] = static_cast<uint8_t>(value);
    if (*i == text.size()) return n;
    if (text[*i] != ':') return -1;
    if (*i + 1 < text.size() && text[*i + 1] == ':') return n;
    ++*i;
  }
}

bool ParseIpv6(absl::string_view text, uint8_t* out) {
  size_t i = 0;
  int head = 0;
  if (text.substr(0, 2) != "::") {
    head = ParseGroups(text, &i, out, 16);
    if (head < 0) return false;
    if (i == text.size()) return head == 16;
  }
  i += 2;
  if (i == text.size()) return head <= 14;
  uint8_t tail[16];
  const int n = ParseGroups(text, &i, tail, 14 - head);
  if (n < 0 || i != text.size()) return false;
  std::memcpy(out + 16 - n, tail, static_cast<size_t>(n));
  return true;
}

// The digits of a byte.
struct Decimal {
  char digits[3];
  uint8_t length;
};

constexpr std::array<Decimal, 256> kDecimals = [] {
  std::array<Decimal, 256> all = {};
  for (int value = 0; value < 256; ++value) {
    Decimal& out = all[static_cast<size_t>(value)];
    for (int unit = 100; unit > 0; unit /= 10) {
      if (value >= unit || unit == 1)
        out.digits[out.length++] = static_cast<char>('0' + value / unit % 10);
    }
  }
  return all;
}();

// Writes at `out`, which has room; returns where it ends. All Put functions do so.
char* PutQuad(const uint8_t* bytes, char* out) {
  for (int i = 0; i < 4; ++i) {
    const Decimal& decimal = kDecimals[bytes[i]];
    if (i > 0) *out++ = '.';
    std::memcpy(out, decimal.digits, sizeof decimal.digits);
    out += decimal.length;
  }
  return out;
}

char* PutGroup(unsigned value, char* out) {
  const int highest = value == 0 ? 0 : (std::bit_width(value) - 1) & ~3;
  for (int shift = highest; shift >= 0; shift -= 4) *out++ = kHexDigits[value >> shift & 0xf];
  return out;
}

// The first longest run of at least two zero groups as [begin, end), or [8, 8).
struct Run {
  int begin = 8;
  int end = 8;
};

Run LongestZeroRun(const unsigned (&groups)[8]) {
  Run best;
  for (int i = 0; i < 8;) {
    int j = i;
    while (j < 8 && groups[j] == 0) ++j;
    if (j - i >= 2 && j - i > best.end - best.begin) best = {i, j};
    i = j + 1;
  }
  return best;
}

char* PutIpv6(const uint8_t* bytes, char* out) {
  unsigned groups[8];
  for (int i = 0; i < 8; ++i)
    groups[i] = static_cast<unsigned>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  const Run run = LongestZeroRun(groups);
  // Compatible: 96 zero bits and a 7th group. Mapped: 80 zero bits, then ffff.
  const bool dotted = run.begin == 0 && (run.end == 6 || (run.end == 5 && groups[5] == 0xffff));
  for (int i = 0; i < 8; ++i) {
    if (i == run.begin) {
      *out++ = ':';
      *out++ = ':';
      i = run.end - 1;
      continue;
    }
    if (i > 0 && i != run.end) *out++ = ':';
    if (dotted && i == 6) return PutQuad(bytes + 12, out);
    out = PutGroup(groups[i], out);
  }
  return out;
}

bool InPrefix(const IpAddress& address, std::initializer_list<uint8_t> prefix, int bits) {
  uint8_t wanted[16] = {};
  std::memcpy(wanted, prefix.begin(), prefix.size());
  const int whole = bits / 8;
  if (std::memcmp(address.bytes.data(), wanted, static_cast<size_t>(whole)) != 0) return false;
  const int rest = bits % 8;
  return rest == 0 || ((address.bytes[whole] ^ wanted[whole]) >> (8 - rest)) == 0;
}

bool IsReservedIpv4(const IpAddress& a) {
  return InPrefix(a, {0}, 8) || InPrefix(a, {10}, 8) || InPrefix(a, {100, 64}, 10) ||
         InPrefix(a, {127}, 8) || InPrefix(a, {169, 254}, 16) || InPrefix(a, {172, 16}, 12) ||
         InPrefix(a, {192, 0, 0}, 24) || InPrefix(a, {192, 0, 2}, 24) ||
         InPrefix(a, {192, 88, 99}, 24) || InPrefix(a, {192, 168}, 16) ||
         InPrefix(a, {198, 18}, 15) || InPrefix(a, {198, 51, 100}, 24) ||
         InPrefix(a, {203, 0, 113}, 24) || InPrefix(a, {224}, 4) || InPrefix(a, {240}, 4);
}

bool IsReservedIpv6(const IpAddress& a) {
  return !IsUnicast(a) || Is6to4(a) || InPrefix(a, {0x20, 0x01, 0, 0}, 32) ||
         InPrefix(a, {0x20, 0x01, 0, 2, 0, 0}, 48) || InPrefix(a, {0x20, 0x01, 0, 3}, 32) ||
         InPrefix(a, {0x20, 0x01, 0, 4, 0x01, 0x12}, 48) ||
         InPrefix(a, {0x20, 0x01, 0, 0x10}, 28) || InPrefix(a, {0x20, 0x01, 0, 0x20}, 28) ||
         InPrefix(a, {0x20, 0x01, 0x0d, 0xb8}, 32);
}

}  // namespace

std::optional<IpAddress> ParseIpAddress(absl::string_view text) {
  IpAddress address;
  if (ParseIpv4(text, address.bytes.data())) return address;
  address = {.v6 = true};
  if (ParseIpv6(text, address.bytes.data())) return address;
  return std::nullopt;
}

bool ParseIpv4(absl::string_view text, uint8_t* bytes) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at == end || *at++ != '.')) return false;
    const char* const begin = at;
    int value = 0;
    while (at != end && absl::ascii_isdigit(*at) && at - begin < 3)
      value = value * 10 + (*at++ - '0');
    if (at == begin || value > 255) return false;
    if (*begin == '0' && at - begin > 1) return false;
    bytes[part] = static_cast<uint8_t>(value);
  }
  return at == end;
}

std::optional<IpAddress> IpAddressFromPacked(absl::string_view packed) {
  if (packed.size() != 4 && packed.size() != 16) return std::nullopt;
  IpAddress address;
  address.v6 = packed.size() == 16;
  std::memcpy(address.bytes.data(), packed.data(), packed.size());
  return address;
}

std::string FormatIpAddress(const IpAddress& address) {
  std::string out;
  AppendIpAddress(address, &out);
  return out;
}

void AppendIpAddress(const IpAddress& address, std::string* out) {
  char text[kMaxIpAddressText];
  out->append(text, FormatPacked(address.packed(), text));
}

size_t FormatPacked(absl::string_view packed, char* text) {
  const uint8_t* bytes = reinterpret_cast<const uint8_t*>(packed.data());
  const char* end = packed.size() == 16 ? PutIpv6(bytes, text) : PutQuad(bytes, text);
  return static_cast<size_t>(end - text);
}

bool IsLinkLocal(const IpAddress& a) {
  return a.v6 ? InPrefix(a, {0xfe, 0x80}, 10) : InPrefix(a, {169, 254}, 16);
}

bool IsRfc1918(const IpAddress& a) {
  return !a.v6 &&
         (InPrefix(a, {10}, 8) || InPrefix(a, {172, 16}, 12) || InPrefix(a, {192, 168}, 16));
}

bool IsUnicast(const IpAddress& a) { return a.v6 && InPrefix(a, {0x20}, 3); }

bool Is6to4(const IpAddress& a) { return a.v6 && InPrefix(a, {0x20, 0x02}, 16); }

bool IsReserved(const IpAddress& a) { return a.v6 ? IsReservedIpv6(a) : IsReservedIpv4(a); }

int CommonPrefixLength(const IpAddress& a, const IpAddress& b) {
  if (a.v6 != b.v6) return 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const uint8_t difference = a.bytes[i] ^ b.bytes[i];
    if (difference != 0) return static_cast<int>(i) * 8 + std::countl_zero(difference);
  }
  return static_cast<int>(a.size()) * 8;
}

}  // namespace scamper::base
