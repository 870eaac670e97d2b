// SPDX-License-Identifier: Apache-2.0
#include "server/warts/kinds.h"

#include <limits>

#include "server/base/utf8.h"

namespace scamper::warts {
namespace {

constexpr size_t kMaxString = 65535;

// Whole milliseconds.
bool SplitMillis(const google::protobuf::Duration& value, uint64_t* millis) {
  SecondsAndMicros time;
  if (!time.Take(value) || time.micros % 1000 != 0) return false;
  *millis = uint64_t{time.seconds} * 1000 + time.micros / 1000;
  return true;
}

// Type and bytes of an address whose length byte was read.
bool ReadFull(uint32_t length, Cursor& cursor, ReadState& state, AddressView* out) {
  const size_t at = cursor.offset();
  uint32_t type = 0;
  if (!cursor.U8(&type)) return state.Fail(at, "an address type");
  const size_t size = AddressSize(type);
  if (size == 0) return state.Fail(at, "an address type of 1 - 4");
  if (size != length) return state.Fail(at - 1, "the address length of its type");
  out->type = static_cast<AddressType>(type);
  return cursor.Bytes(size, &out->bytes) || state.Fail(at + 1, "the bytes of an address");
}

void WriteFull(const Address& address, Writer& writer) {
  const AddressView view = address.view();
  writer.U8(static_cast<uint32_t>(view.bytes.size()));
  writer.U8(view.type);
  writer.Bytes(view.bytes);
}

void ReadMpls(absl::string_view data, v1::IcmpExtension* out) {
  Cursor cursor(data);
  uint32_t word = 0;
  while (cursor.U32(&word)) {
    v1::MplsLabel* entry = out->add_mpls();
    entry->set_label(word >> 12);
    entry->set_exp(word >> 9 & 7);
    entry->set_s((word >> 8 & 1) != 0);
    entry->set_ttl(word & 0xff);
  }
}

bool ReadIcmpExt(Cursor& cursor, ReadState& state, v1::IcmpExtension* out) {
  const size_t at = cursor.offset();
  uint32_t length = 0;
  uint32_t class_number = 0;
  uint32_t class_type = 0;
  if (!cursor.U16(&length) || !cursor.U8(&class_number) || !cursor.U8(&class_type)) {
    return state.Fail(at, "a 4-byte extension object header");
  }
  absl::string_view data;
  if (!cursor.Bytes(length, &data))
    return state.Fail(at, "an extension object within the extension");
  out->set_class_number(class_number);
  out->set_class_type(class_type);
  out->set_data(data.data(), data.size());
  if (class_number == 1 && class_type == 1) ReadMpls(data, out);
  return true;
}

}  // namespace

bool SecondsAndMicros::TakeLong(int64_t long_seconds, int32_t nanos) {
  constexpr int64_t kMax = std::numeric_limits<uint32_t>::max();
  if (long_seconds <= kMax) return false;
  const int64_t excess = long_seconds - kMax;
  google::protobuf::Duration rest;
  rest.set_seconds(kMax);
  rest.set_nanos(nanos);
  if (excess > kMax / kMicrosPerSecond || !Take(rest)) return false;
  const int64_t all = excess * kMicrosPerSecond + micros;
  if (all > kMax) return false;
  micros = static_cast<uint32_t>(all);
  return true;
}

bool Time32::Read(Cursor& cursor, ReadState& state, google::protobuf::Timestamp* out) {
  uint32_t seconds = 0;
  if (!U32::Read(cursor, state, &seconds)) return false;
  out->set_seconds(seconds);
  return true;
}

bool Time32::Write(const google::protobuf::Timestamp& value, Writer& writer, WriteState& state) {
  SecondsAndMicros time;
  if (!time.Take(value) || time.micros != 0)
    return state.Fail("must be whole seconds from 1970 to 2106");
  writer.U32(time.seconds);
  return true;
}

bool Seconds8::Read(Cursor& cursor, ReadState& state, google::protobuf::Duration* out) {
  uint32_t seconds = 0;
  if (!U8::Read(cursor, state, &seconds)) return false;
  out->set_seconds(seconds);
  return true;
}

bool Seconds8::Write(const google::protobuf::Duration& value, Writer& writer, WriteState& state) {
  if (value.seconds() < 0 || value.seconds() > 255 || value.nanos() != 0) {
    return state.Fail("must be whole seconds within 0 - 255 s");
  }
  writer.U8(static_cast<uint32_t>(value.seconds()));
  return true;
}

bool Centiseconds8::Read(Cursor& cursor, ReadState& state, google::protobuf::Duration* out) {
  uint32_t units = 0;
  if (!U8::Read(cursor, state, &units)) return false;
  SetMicros(uint64_t{units} * 10000, out);
  return true;
}

bool Centiseconds8::Write(const google::protobuf::Duration& value, Writer& writer,
                          WriteState& state) {
  SecondsAndMicros time;
  if (!time.Take(value) || time.micros % 10000 != 0 || time.seconds > 2 ||
      time.seconds * 100 + time.micros / 10000 > 255) {
    return state.Fail("must be a multiple of 10 ms within 0 - 2.55 s");
  }
  writer.U8(time.seconds * 100 + time.micros / 10000);
  return true;
}

bool Millis16::Read(Cursor& cursor, ReadState& state, google::protobuf::Duration* out) {
  uint32_t millis = 0;
  if (!U16::Read(cursor, state, &millis)) return false;
  SetMicros(uint64_t{millis} * 1000, out);
  return true;
}

bool Millis16::Write(const google::protobuf::Duration& value, Writer& writer, WriteState& state) {
  uint64_t millis = 0;
  if (!SplitMillis(value, &millis) || millis > 0xffff)
    return state.Fail("must be whole milliseconds within 0 - 65.535 s");
  writer.U16(static_cast<uint32_t>(millis));
  return true;
}

bool Millis32::Read(Cursor& cursor, ReadState& state, google::protobuf::Duration* out) {
  uint32_t millis = 0;
  if (!U32::Read(cursor, state, &millis)) return false;
  SetMicros(uint64_t{millis} * 1000, out);
  return true;
}

bool Millis32::Write(const google::protobuf::Duration& value, Writer& writer, WriteState& state) {
  uint64_t millis = 0;
  if (!SplitMillis(value, &millis) || millis > std::numeric_limits<uint32_t>::max())
    return state.Fail("must be whole milliseconds within 0 - 4294967.295 s");
  writer.U32(static_cast<uint32_t>(millis));
  return true;
}

bool Str::ReadView(Cursor& cursor, ReadState& state, absl::string_view* out) {
  if (!cursor.CString(out))
    return state.Fail(cursor.offset(), "a string that ends with a zero byte");
  return base::IsUtf8(*out) || state.NotText();
}

bool Str::Write(const std::string& value, Writer& writer, WriteState& state) {
  if (value.size() >= kMaxString) return state.Fail("must be shorter than 65535 bytes");
  if (value.find('\0') != std::string::npos) return state.Fail("must not hold a zero byte");
  writer.Bytes(value);
  writer.U8(0);
  return true;
}

bool Addr::Read(Cursor& cursor, ReadState& state, std::string* out) {
  const size_t at = cursor.offset();
  uint32_t length = 0;
  if (!cursor.U8(&length)) return state.Fail(at, "an address");
  if (length != 0) {
    AddressView address;
    if (!ReadFull(length, cursor, state, &address)) return false;
    state.Define(address);
    FormatAddress(address, out);
    return true;
  }
  uint32_t id = 0;
  if (!cursor.U32(&id)) return state.Fail(at, "a 4-byte address id");
  const AddressView* address = state.Defined(id);
  if (address == nullptr)
    return state.Fail(at, "the id of an address that the record defined before");
  FormatAddress(*address, out);
  return true;
}

bool Addr::Write(const std::string& value, Writer& writer, WriteState& state) {
  const auto address = ParseAddress(value);
  if (!address) return state.Fail("is no address");
  const WriteState::Id id = state.AddressId(*address);
  if (id.defined_now) {
    WriteFull(*address, writer);
  } else {
    writer.U8(0);
    writer.U32(id.id);
  }
  return true;
}

bool AddrStatic::Read(Cursor& cursor, ReadState& state, std::string* out) {
  const size_t at = cursor.offset();
  uint32_t length = 0;
  if (!cursor.U8(&length)) return state.Fail(at, "an address");
  AddressView address;
  if (!ReadFull(length, cursor, state, &address)) return false;
  FormatAddress(address, out);
  return true;
}

bool AddrStatic::Write(const std::string& value, Writer& writer, WriteState& state) {
  const auto address = ParseAddress(value);
  if (!address) return state.Fail("is no address");
  WriteFull(*address, writer);
  return true;
}

bool AddrList::Read(Cursor& cursor, ReadState& state, Strings* out) {
  uint32_t count = 0;
  if (!U8::Read(cursor, state, &count)) return false;
  for (uint32_t i = 0; i < count; ++i) {
    if (!Addr::Read(cursor, state, out->Add())) return false;
  }
  return true;
}

bool AddrList::Write(const Strings& value, Writer& writer, WriteState& state) {
  if (value.size() > 255) return state.Fail("must hold at most 255 addresses");
  writer.U8(static_cast<uint32_t>(value.size()));
  for (const std::string& address : value) {
    if (!Addr::Write(address, writer, state)) return false;
  }
  return true;
}

bool FileAddr::Read(Cursor& cursor, ReadState& state, std::string* out) {
  const size_t at = cursor.offset();
  uint32_t number = 0;
  if (!U32::Read(cursor, state, &number)) return false;
  if (number == 0) return true;
  const Address* address = state.FileAddress(number);
  if (address == nullptr) return state.Fail(at, "the number of an address record that came before");
  FormatAddress(address->view(), out);
  return true;
}

bool Ifname::Read(Cursor& cursor, ReadState& state, std::string* out) {
  const size_t at = cursor.offset();
  uint32_t id = 0;
  if (!cursor.U8(&id)) return state.Fail(at, "an interface name");
  if (id > state.names.size() + 1)
    return state.Fail(at, "the id of a name that the record defined before, or the next");
  absl::string_view name;
  if (id != 0 && id <= state.names.size()) {
    name = state.names[id - 1];
  } else {
    if (!cursor.CString(&name)) return state.Fail(at + 1, "a string that ends with a zero byte");
    if (!base::IsUtf8(name)) return state.Fail(at + 1, "a name in UTF-8");
    if (id != 0) state.names.push_back(name);
  }
  out->assign(name.data(), name.size());
  return true;
}

bool Ifname::Write(const std::string& value, Writer& writer, WriteState& state) {
  const WriteState::Id id = state.NameId(value);
  writer.U8(id.id);
  return !id.defined_now || Str::Write(value, writer, state);
}

bool IcmpExts::Read(Cursor& cursor, ReadState& state, Repeated<v1::IcmpExtension>* out) {
  const size_t at = cursor.offset();
  uint32_t total = 0;
  if (!U16::Read(cursor, state, &total)) return false;
  if (total == 0) return state.Fail(at, "at least one extension object");
  Cursor objects(absl::string_view{});
  if (!cursor.Take(total, &objects))
    return state.Fail(at, "the extension within its parameter block");
  while (objects.left() > 0) {
    if (!ReadIcmpExt(objects, state, out->Add())) return false;
  }
  return true;
}

bool IcmpExts::Write(const Repeated<v1::IcmpExtension>& value, Writer& writer, WriteState& state) {
  const size_t at = writer.size();
  writer.U16(0);
  for (const v1::IcmpExtension& ext : value) {
    if (ext.data().size() > 0xffff || ext.class_number() > 0xff || ext.class_type() > 0xff) {
      return state.Fail("must have class number and type within 0 - 255 and at most 65535 bytes");
    }
    writer.U16(static_cast<uint32_t>(ext.data().size()));
    writer.U8(ext.class_number());
    writer.U8(ext.class_type());
    writer.Bytes(ext.data());
  }
  const size_t total = writer.size() - at - 2;
  if (total + 2 > 0xffff) return state.Fail("must be at most 65533 bytes in all");
  writer.PatchU16(at, static_cast<uint32_t>(total));
  return true;
}

}  // namespace scamper::warts
