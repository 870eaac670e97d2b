// SPDX-License-Identifier: Apache-2.0
// The wire kinds that parameters have. Each is a type with
//   Read(cursor, state, destination)   false: failed, and the state says why
//   Write(value, writer, state)        false: the format cannot hold the value
#pragma once

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "scamper/v1/common.pb.h"
#include "scamper/v1/ping.pb.h"
#include "server/warts/cursor.h"
#include "server/warts/state.h"
#include "server/warts/writer.h"

namespace scamper::warts {

// Called with the text of an address.
using AddressVisitor = absl::FunctionRef<void(const std::string&)>;

template <typename T>
using Repeated = google::protobuf::RepeatedPtrField<T>;
using Strings = Repeated<std::string>;

struct U8 {
  static bool Read(Cursor& cursor, ReadState& state, uint32_t* out) {
    return cursor.U8(out) || state.Fail(cursor.offset(), "1 byte");
  }
  static bool Write(uint32_t value, Writer& writer, WriteState& state);
};

struct U16 {
  static bool Read(Cursor& cursor, ReadState& state, uint32_t* out) {
    return cursor.U16(out) || state.Fail(cursor.offset(), "2 bytes");
  }
  static bool Write(uint32_t value, Writer& writer, WriteState& state);
};

struct U32 {
  static bool Read(Cursor& cursor, ReadState& state, uint32_t* out) {
    return cursor.U32(out) || state.Fail(cursor.offset(), "4 bytes");
  }
  static bool Write(uint32_t value, Writer& writer, WriteState&) {
    writer.U32(value);
    return true;
  }
};

// Seconds and microseconds; microseconds beyond a second are carried over.
struct Tv {
  static bool Read(Cursor& cursor, ReadState& state, google::protobuf::Timestamp* out);
  static bool Write(const google::protobuf::Timestamp& value, Writer& writer, WriteState& state);
};

// u32 whole seconds since the epoch.
struct Time32 {
  static bool Read(Cursor& cursor, ReadState& state, google::protobuf::Timestamp* out);
  static bool Write(const google::protobuf::Timestamp& value, Writer& writer, WriteState& state);
};

// u32 microseconds.
struct Us32 {
  static bool Read(Cursor& cursor, ReadState& state, google::protobuf::Duration* out);
  static bool Write(const google::protobuf::Duration& value, Writer& writer, WriteState& state);
};

// u8 whole seconds.
struct Seconds8 {
  static bool Read(Cursor& cursor, ReadState& state, google::protobuf::Duration* out);
  static bool Write(const google::protobuf::Duration& value, Writer& writer, WriteState& state);
};

// u8 units of 10 ms.
struct Centiseconds8 {
  static bool Read(Cursor& cursor, ReadState& state, google::protobuf::Duration* out);
  static bool Write(const google::protobuf::Duration& value, Writer& writer, WriteState& state);
};

// u16 and u32 whole milliseconds.
struct Millis16 {
  static bool Read(Cursor& cursor, ReadState& state, google::protobuf::Duration* out);
  static bool Write(const google::protobuf::Duration& value, Writer& writer, WriteState& state);
};
struct Millis32 {
  static bool Read(Cursor& cursor, ReadState& state, google::protobuf::Duration* out);
  static bool Write(const google::protobuf::Duration& value, Writer& writer, WriteState& state);
};

// Seconds and microseconds, as Tv, of a duration.
struct TvDuration {
  static bool Read(Cursor& cursor, ReadState& state, google::protobuf::Duration* out);
  static bool Write(const google::protobuf::Duration& value, Writer& writer, WriteState& state);
};

// Bytes and a zero byte.
struct Str {
  // Calls NotText where it is not UTF-8.
  static bool ReadView(Cursor& cursor, ReadState& state, absl::string_view* out);
  static bool Write(const std::string& value, Writer& writer, WriteState& state);
};

// An address through the record's dictionary.
struct Addr {
  static bool Read(Cursor& cursor, ReadState& state, std::string* out);
  static bool Write(const std::string& value, Writer& writer, WriteState& state);
  static void Visit(const std::string& value, AddressVisitor visit) { visit(value); }
};

// An address in full, outside of the dictionary.
struct AddrStatic {
  static bool Read(Cursor& cursor, ReadState& state, std::string* out);
  static bool Write(const std::string& value, Writer& writer, WriteState& state);
  static void Visit(const std::string& value, AddressVisitor visit) { visit(value); }
};

// u8 count, then that many Addr.
struct AddrList {
  static bool Read(Cursor& cursor, ReadState& state, Strings* out);
  static bool Write(const Strings& value, Writer& writer, WriteState& state);
  static void Visit(const Strings& value, AddressVisitor visit) {
    for (const std::string& address : value) visit(address);
  }
};

// The number of a file-level address; only read. `out` stays empty for number 0.
struct FileAddr {
  static bool Read(Cursor& cursor, ReadState& state, std::string* out);
};

// An interface name through the record's dictionary.
struct Ifname {
  static bool Read(Cursor& cursor, ReadState& state, std::string* out);
  static bool Write(const std::string& value, Writer& writer, WriteState& state);
};

// u8 type, u8 code.
struct IcmpTypeCode {
  static bool Read(Cursor& cursor, ReadState& state, v1::IcmpTypeCode* out);
  static bool Write(const v1::IcmpTypeCode& value, Writer& writer, WriteState& state);
};

// ICMP extension objects; the label stacks are derived on reading.
struct IcmpExts {
  static bool Read(Cursor& cursor, ReadState& state, Repeated<v1::IcmpExtension>* out);
  static bool Write(const Repeated<v1::IcmpExtension>& value, Writer& writer, WriteState& state);
};

// Whole microseconds of a duration; nothing where it is negative, not of whole
// microseconds or beyond 32 bits of seconds.
struct SecondsAndMicros {
  uint32_t seconds;
  uint32_t micros;
};
bool Split(const google::protobuf::Duration& value, SecondsAndMicros* out);

}  // namespace scamper::warts
