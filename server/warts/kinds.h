// SPDX-License-Identifier: Apache-2.0
// The wire kinds that parameters have. Each is a type with
//   Read(cursor, state, destination)   false: failed, and the state says why
//   Write(value, writer, state)        false: the format cannot hold the value
#pragma once

#include <cstdint>
#include <limits>
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
  static bool Write(uint32_t value, Writer& writer, WriteState& state) {
    if (value > 0xff) return state.Fail("must be within 0 - 255");
    writer.U8(value);
    return true;
  }
};

struct U16 {
  static bool Read(Cursor& cursor, ReadState& state, uint32_t* out) {
    return cursor.U16(out) || state.Fail(cursor.offset(), "2 bytes");
  }
  static bool Write(uint32_t value, Writer& writer, WriteState& state) {
    if (value > 0xffff) return state.Fail("must be within 0 - 65535");
    writer.U16(value);
    return true;
  }
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

// Whole microseconds of a Timestamp or Duration.
struct SecondsAndMicros {
  uint32_t seconds = 0;
  uint32_t micros = 0;

  // False where it is negative, not of whole microseconds or beyond 32 bits of seconds.
  template <typename T>
  bool Take(const T& value) {
    if (static_cast<uint64_t>(value.seconds()) > std::numeric_limits<uint32_t>::max()) return false;
    const uint32_t nanos = static_cast<uint32_t>(value.nanos());
    seconds = static_cast<uint32_t>(value.seconds());
    micros = nanos / 1000;
    return nanos < 1000000000 && nanos == micros * 1000;
  }
  // Of a time beyond 32 bits of seconds: those that these do not hold are among the microseconds.
  bool TakeLong(int64_t long_seconds, int32_t nanos);
};
inline constexpr uint32_t kMicrosPerSecond = 1000000;

template <typename T>
void SetMicros(uint64_t micros, T* out) {
  out->set_seconds(static_cast<int64_t>(micros / kMicrosPerSecond));
  out->set_nanos(static_cast<int32_t>(micros % kMicrosPerSecond) * 1000);
}

// Seconds and microseconds; microseconds beyond a second are carried over.
struct Tv {
  static bool Read(Cursor& cursor, ReadState& state, google::protobuf::Timestamp* out) {
    return ReadTime(cursor, state, out);
  }
  static bool Write(const google::protobuf::Timestamp& value, Writer& writer, WriteState& state) {
    return WriteTime(value, "must be whole microseconds from 1970 to 2106", writer, state);
  }

  template <typename T>
  static bool ReadTime(Cursor& cursor, ReadState& state, T* out) {
    const size_t at = cursor.offset();
    uint32_t seconds = 0;
    uint32_t micros = 0;
    if (!cursor.U32(&seconds) || !cursor.U32(&micros)) return state.Fail(at, "8 bytes of a time");
    SetMicros(uint64_t{seconds} * kMicrosPerSecond + micros, out);
    return true;
  }
  template <typename T>
  static bool WriteTime(const T& value, const char* range, Writer& writer, WriteState& state) {
    SecondsAndMicros time;
    if (!time.Take(value) && !time.TakeLong(value.seconds(), value.nanos()))
      return state.Fail(range);
    writer.U32(time.seconds);
    writer.U32(time.micros);
    return true;
  }
};

// u32 whole seconds since the epoch.
struct Time32 {
  static bool Read(Cursor& cursor, ReadState& state, google::protobuf::Timestamp* out);
  static bool Write(const google::protobuf::Timestamp& value, Writer& writer, WriteState& state);
};

// u32 microseconds.
struct Us32 {
  static bool Read(Cursor& cursor, ReadState& state, google::protobuf::Duration* out) {
    uint32_t micros = 0;
    if (!U32::Read(cursor, state, &micros)) return false;
    SetMicros(micros, out);
    return true;
  }
  static bool Write(const google::protobuf::Duration& value, Writer& writer, WriteState& state) {
    SecondsAndMicros time;
    const bool valid = time.Take(value);
    const uint64_t micros = valid ? uint64_t{time.seconds} * kMicrosPerSecond + time.micros : 0;
    if (!valid || micros > std::numeric_limits<uint32_t>::max())
      return state.Fail("must be whole microseconds within 0 - 4294.967295 s");
    writer.U32(static_cast<uint32_t>(micros));
    return true;
  }
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
  static bool Read(Cursor& cursor, ReadState& state, google::protobuf::Duration* out) {
    return Tv::ReadTime(cursor, state, out);
  }
  static bool Write(const google::protobuf::Duration& value, Writer& writer, WriteState& state) {
    return Tv::WriteTime(value, "must be whole microseconds within 0 - 4294967295.999999 s", writer,
                         state);
  }
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
  static bool Read(Cursor& cursor, ReadState& state, v1::IcmpTypeCode* out) {
    uint32_t value = 0;
    if (!U16::Read(cursor, state, &value)) return false;
    out->set_type(value >> 8);
    out->set_code(value & 0xff);
    return true;
  }
  static bool Write(const v1::IcmpTypeCode& value, Writer& writer, WriteState& state) {
    return U8::Write(value.type(), writer, state) && U8::Write(value.code(), writer, state);
  }
};

// ICMP extension objects; the label stacks are derived on reading.
struct IcmpExts {
  static bool Read(Cursor& cursor, ReadState& state, Repeated<v1::IcmpExtension>* out);
  static bool Write(const Repeated<v1::IcmpExtension>& value, Writer& writer, WriteState& state);
};

}  // namespace scamper::warts
