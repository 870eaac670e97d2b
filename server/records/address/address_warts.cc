// SPDX-License-Identifier: Apache-2.0
#include "server/records/address/address_warts.h"

namespace scamper::records {

bool ReadAddress(warts::Cursor& body, warts::ReadState& state, v1::Address* out) {
  uint32_t check = 0;
  uint32_t type = 0;
  state.place.field = "check";
  if (!warts::U8::Read(body, state, &check)) return false;
  state.place.field = "addr";
  const size_t at = body.offset();
  if (!warts::U8::Read(body, state, &type)) return false;
  warts::AddressView address;
  const size_t size = warts::AddressSize(type);
  if (size == 0) return state.Fail(at, "an address type of 1 - 4");
  if (!body.Bytes(size, &address.bytes))
    return state.Fail(at + 1, "an address of the length of its type");
  address.type = static_cast<warts::AddressType>(type);
  out->set_check(check);
  warts::FormatAddress(address, out->mutable_addr());
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WriteAddress(const v1::Address& address, warts::Writer& writer, warts::WriteState& state) {
  state.place.field = "check";
  if (!warts::U8::Write(address.check(), writer, state)) return false;
  state.place.field = "addr";
  const auto parsed = warts::ParseAddress(address.addr());
  if (!parsed) return state.Fail("is no address");
  writer.U8(parsed->type);
  writer.Bytes(parsed->view().bytes);
  writer.Bytes(address.trailing());
  return true;
}

}  // namespace scamper::records
