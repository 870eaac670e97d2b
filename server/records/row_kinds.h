// SPDX-License-Identifier: Apache-2.0
// Rows that the parameter blocks of several record types have; see server/warts/params.h.
#pragma once

#include "server/base/utf8.h"
#include "server/warts/params.h"

namespace scamper::records {

// u16 whole seconds.
struct Seconds16 {
  static bool Read(warts::Cursor& cursor, warts::ReadState& state,
                   google::protobuf::Duration* out) {
    uint32_t seconds = 0;
    if (!warts::U16::Read(cursor, state, &seconds)) return false;
    out->set_seconds(seconds);
    return true;
  }
  static bool Write(const google::protobuf::Duration& value, warts::Writer& writer,
                    warts::WriteState& state) {
    if (value.seconds() < 0 || value.seconds() > 0xffff || value.nanos() != 0)
      return state.Fail("must be whole seconds within 0 - 65535 s");
    writer.U16(static_cast<uint32_t>(value.seconds()));
    return true;
  }
};

// Bytes up to a zero byte, which is consumed.
inline bool ReadCString(warts::Cursor& cursor, warts::ReadState& state, absl::string_view* out) {
  return cursor.CString(out) || state.Fail(cursor.offset(), "a string that ends with a zero byte");
}

// A u8 enumeration whose numbers are one more than those of the format.
#define WARTS_ENUM8(M, flag, field)                                                      \
  ::scamper::warts::Row<M> {                                                             \
    flag, #field, [](const M& m, ::scamper::warts::FlagSet) { return m.has_##field(); }, \
        [](::scamper::warts::Cursor& c, ::scamper::warts::ReadState& s, M* m) {          \
          uint32_t value = 0;                                                            \
          if (!::scamper::warts::U8::Read(c, s, &value)) return false;                   \
          m->set_##field(static_cast<decltype(m->field())>(value + 1));                  \
          return true;                                                                   \
        },                                                                               \
        [](const M& m, ::scamper::warts::Writer& w, ::scamper::warts::WriteState& s) {   \
          const int value = static_cast<int>(m.field()) - 1;                             \
          if (value < 0 || value > 255) return s.Fail("must be within 1 - 256");         \
          w.U8(static_cast<uint32_t>(value));                                            \
          return true;                                                                   \
        }                                                                                \
  }

// A string in the field where it is UTF-8, else in the field of that name with _bytes: unlike
// with WARTS_TEXT, what follows it in the block is interpreted in any case.
#define WARTS_TEXT_OR_BYTES(M, flag, field)                                            \
  ::scamper::warts::Row<M> {                                                           \
    flag, #field,                                                                      \
        [](const M& m, ::scamper::warts::FlagSet) {                                    \
          return m.has_##field() || m.has_##field##_bytes();                           \
        },                                                                             \
        [](::scamper::warts::Cursor& c, ::scamper::warts::ReadState& s, M* m) {        \
          absl::string_view text;                                                      \
          if (!::scamper::records::ReadCString(c, s, &text)) return false;             \
          if (::scamper::base::IsUtf8(text)) {                                         \
            m->set_##field(text.data(), text.size());                                  \
          } else {                                                                     \
            m->set_##field##_bytes(text.data(), text.size());                          \
          }                                                                            \
          return true;                                                                 \
        },                                                                             \
        [](const M& m, ::scamper::warts::Writer& w, ::scamper::warts::WriteState& s) { \
          if (m.has_##field() && m.has_##field##_bytes())                              \
            return s.Fail("must be absent beside its bytes");                          \
          return ::scamper::warts::Str::Write(                                         \
              m.has_##field##_bytes() ? m.field##_bytes() : m.field(), w, s);          \
        }                                                                              \
  }

// The length, in 16 bits, of the bytes that a later row of WARTS_SIZED_BYTES holds. A length
// that is recorded without bytes is in `length_field`.
#define WARTS_SIZE_OF(M, flag, data_flag, length_field, field)                           \
  ::scamper::warts::Row<M> {                                                             \
    flag, #length_field,                                                                 \
        [](const M& m, ::scamper::warts::FlagSet kept) {                                 \
          if (m.has_##length_field()) return true;                                       \
          if (!m.has_##field()) return false;                                            \
          return !m.field().empty() || (kept & ::scamper::warts::Bit(data_flag)) == 0 || \
                 (kept & ::scamper::warts::Bit(flag)) != 0;                              \
        },                                                                               \
        [](::scamper::warts::Cursor& c, ::scamper::warts::ReadState& s, M* m) {          \
          uint32_t size = 0;                                                             \
          if (!::scamper::warts::U16::Read(c, s, &size)) return false;                   \
          m->set_##length_field(size);                                                   \
          return true;                                                                   \
        },                                                                               \
        [](const M& m, ::scamper::warts::Writer& w, ::scamper::warts::WriteState& s) {   \
          if (m.has_##field() && m.has_##length_field())                                 \
            return s.Fail("must be absent beside the data");                             \
          const size_t size = m.has_##field() ? m.field().size() : m.length_field();     \
          if (size > 0xffff) return s.Fail("must be at most 65535 bytes");               \
          w.U16(static_cast<uint32_t>(size));                                            \
          return true;                                                                   \
        }                                                                                \
  }

#define WARTS_SIZED_BYTES(M, flag, length_field, field)                              \
  ::scamper::warts::Row<M> {                                                         \
    flag, #field,                                                                    \
        [](const M& m, ::scamper::warts::FlagSet kept) {                             \
          return m.has_##field() &&                                                  \
                 (!m.field().empty() || (kept & ::scamper::warts::Bit(flag)) != 0);  \
        },                                                                           \
        [](::scamper::warts::Cursor& c, ::scamper::warts::ReadState& s, M* m) {      \
          absl::string_view bytes;                                                   \
          if (!c.Bytes(m->length_field(), &bytes))                                   \
            return s.Fail(c.offset(), "as many bytes as the length before says");    \
          m->set_##field(bytes.data(), bytes.size());                                \
          m->clear_##length_field();                                                 \
          return true;                                                               \
        },                                                                           \
        [](const M& m, ::scamper::warts::Writer& w, ::scamper::warts::WriteState&) { \
          w.Bytes(m.field());                                                        \
          return true;                                                               \
        }                                                                            \
  }

// The number, in 16 bits, of items that a row of WARTS_COUNTED in the same block holds. A number
// that is recorded without items is in `field`.
#define WARTS_COUNT_OF(M, flag, field, items)                                                    \
  ::scamper::warts::Row<M> {                                                                     \
    flag, #field,                                                                                \
        [](const M& m, ::scamper::warts::FlagSet) {                                              \
          return m.has_##field() || m.items##_size() > 0;                                        \
        },                                                                                       \
        [](::scamper::warts::Cursor& c, ::scamper::warts::ReadState& s, M* m) {                  \
          uint32_t value = 0;                                                                    \
          if (!::scamper::warts::U16::Read(c, s, &value)) return false;                          \
          m->set_##field(value);                                                                 \
          return true;                                                                           \
        },                                                                                       \
        [](const M& m, ::scamper::warts::Writer& w, ::scamper::warts::WriteState& s) {           \
          if (m.has_##field() && m.items##_size() > 0)                                           \
            return s.Fail("must be absent beside the items");                                    \
          return ::scamper::warts::U16::Write(                                                   \
              m.items##_size() > 0 ? static_cast<uint32_t>(m.items##_size()) : m.field(), w, s); \
        }                                                                                        \
  }

// Item has Read(cursor, state, message, item of the list) and Write(item, writer, state).
#define WARTS_COUNTED(M, flag, Item, count_field, items)                               \
  ::scamper::warts::Row<M> {                                                           \
    flag, #items,                                                                      \
        [](const M& m, ::scamper::warts::FlagSet kept) {                               \
          return m.items##_size() > 0 || (kept & ::scamper::warts::Bit(flag)) != 0;    \
        },                                                                             \
        [](::scamper::warts::Cursor& c, ::scamper::warts::ReadState& s, M* m) {        \
          for (uint32_t i = 0; i < m->count_field(); ++i) {                            \
            if (!Item::Read(c, s, m->add_##items())) return false;                     \
          }                                                                            \
          if (m->items##_size() > 0) m->clear_##count_field();                         \
          return true;                                                                 \
        },                                                                             \
        [](const M& m, ::scamper::warts::Writer& w, ::scamper::warts::WriteState& s) { \
          for (const auto& item : m.items()) {                                         \
            if (!Item::Write(item, w, s)) return false;                                \
          }                                                                            \
          return true;                                                                 \
        }                                                                              \
  }

}  // namespace scamper::records
