// SPDX-License-Identifier: Apache-2.0
#include "server/warts/params.h"

#include <algorithm>

#include "server/base/utf8.h"

namespace scamper::warts {
namespace {

constexpr uint8_t kLink = 0x80;
// Flag bytes whose flags a FlagSet holds.
constexpr size_t kSetBytes = 9;

// Flags of byte `i`, at their place in a FlagSet.
FlagSet FlagsOfByte(size_t i, uint8_t byte) {
  return i < kSetBytes ? FlagSet{byte & 0x7fu} << (i * kFlagsPerByte + 1) : 0;
}

uint8_t ByteOfFlags(size_t i, FlagSet flags) {
  return i < kSetBytes ? static_cast<uint8_t>(flags >> (i * kFlagsPerByte + 1) & 0x7f) : 0;
}

}  // namespace

bool ReadBlockHead(Cursor& cursor, ReadState& state, BlockHead* head, Cursor* params) {
  state.place.field = "flags";
  const absl::string_view bytes = cursor.rest();
  uint8_t byte = kLink;
  size_t n = 0;
  for (; (byte & kLink) != 0; ++n) {
    if (n == bytes.size())
      return state.Fail(cursor.offset(), "flag bytes, the last without a link bit");
    byte = static_cast<uint8_t>(bytes[n]);
    head->flags |= FlagsOfByte(n, byte);
    head->beyond = head->beyond || (n >= kSetBytes && (byte & 0x7f) != 0);
  }
  cursor.Bytes(n, &head->flag_bytes);
  if (head->flag_bytes[0] == '\0') return true;
  uint32_t length = 0;
  if (!cursor.U16(&length)) return state.Fail(cursor.offset(), "2 bytes of a parameter length");
  if (!cursor.Take(length, params))
    return state.Fail(cursor.offset(), "as many parameter bytes as the length says");
  return true;
}

void Keep(const BlockHead& head, FlagSet flags, const Cursor& params,
          v1::UninterpretedParameters* out) {
  std::string bytes(head.flag_bytes);
  // Without a flag, parameters need a second byte.
  const size_t needed = flags == 0 && params.left() > 0 ? 2 : FlagByteCount(flags);
  bytes.resize(std::max(bytes.size(), needed));
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i < kSetBytes) bytes[i] = static_cast<char>(ByteOfFlags(i, flags));
    const bool last = i + 1 == bytes.size();
    bytes[i] = static_cast<char>((bytes[i] & 0x7f) | (last ? 0 : kLink));
  }
  out->set_flags(bytes);
  out->set_parameters(params.rest().data(), params.rest().size());
}

bool ParseKept(const v1::UninterpretedParameters& in, WriteState& state, Kept* out) {
  state.place.field = "uninterpreted";
  out->flag_bytes = in.flags();
  out->parameters = in.parameters();
  for (size_t i = 0; i < out->flag_bytes.size(); ++i) {
    const uint8_t byte = static_cast<uint8_t>(out->flag_bytes[i]);
    const bool last = i + 1 == out->flag_bytes.size();
    if (((byte & kLink) != 0) == last)
      return state.Fail("must have a link bit in all flag bytes but the last");
    out->flags |= FlagsOfByte(i, byte);
  }
  return true;
}

bool StartsWithNotText(const Kept& kept) {
  Cursor cursor(kept.parameters);
  absl::string_view text;
  return cursor.CString(&text) && !base::IsUtf8(text);
}

size_t BeginBlock(FlagSet flags, FlagSet tail, const Kept& kept, Writer& writer) {
  const FlagSet all = flags | tail;
  const size_t n = std::max(FlagByteCount(all), kept.flag_bytes.size());
  for (size_t i = 0; i < n; ++i) {
    const uint8_t byte =
        i < kSetBytes ? ByteOfFlags(i, all) : static_cast<uint8_t>(kept.flag_bytes[i]) & 0x7f;
    writer.U8(i + 1 < n ? byte | kLink : byte);
  }
  if (n == 1 && all == 0) return 0;
  writer.U16(0);
  return writer.size();
}

bool EndBlock(size_t begin, Writer& writer, WriteState& state) {
  const size_t length = begin == 0 ? 0 : writer.size() - begin;
  if (length > 0xffff) return state.Fail("makes a parameter block of more than 65535 bytes");
  if (begin != 0) writer.PatchU16(begin - 2, static_cast<uint32_t>(length));
  return true;
}

}  // namespace scamper::warts
