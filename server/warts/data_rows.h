// SPDX-License-Identifier: Apache-2.0
// Rows of a `bytes` field that two flags hold together: one its length in 16
// bits, a later one the bytes unless there are none. A block has one such pair;
// whoever reads the block sets state.pending_size to 0 before. Where a message has a field
// for it, a length without bytes is kept.
#pragma once

#include "server/warts/params.h"

namespace scamper::warts {

inline bool ReadPendingBytes(Cursor& cursor, ReadState& state, absl::string_view* data) {
  return cursor.Bytes(state.pending_size, data) ||
         state.Fail(cursor.offset(), "as many bytes as the data length says");
}

inline bool WriteDataLength(size_t size, Writer& writer, WriteState& state) {
  if (size > 0xffff) return state.Fail("must be at most 65535 bytes");
  writer.U16(static_cast<uint32_t>(size));
  return true;
}

// Presence of the two flags. `has`: of the field.
constexpr bool HasDataLengthFlag(bool has, bool empty, FlagSet kept, int length_flag,
                                 int data_flag) {
  return has && (!empty || (kept & Bit(data_flag)) == 0 || (kept & Bit(length_flag)) != 0);
}
constexpr bool HasDataFlag(bool has, bool empty, FlagSet kept, int data_flag) {
  return has && (!empty || (kept & Bit(data_flag)) != 0);
}

#define WARTS_DATA_LENGTH(M, flag, data_flag, field)                                           \
  ::scamper::warts::Row<M> {                                                                   \
    flag, #field,                                                                              \
        [](const M& m, ::scamper::warts::FlagSet kept) {                                       \
          return ::scamper::warts::HasDataLengthFlag(m.has_##field(), m.field().empty(), kept, \
                                                     flag, data_flag);                         \
        },                                                                                     \
        [](::scamper::warts::Cursor& c, ::scamper::warts::ReadState& s, M* m) {                \
          if (!::scamper::warts::U16::Read(c, s, &s.pending_size)) return false;               \
          if (s.pending_size == 0) m->set_##field("");                                         \
          return true;                                                                         \
        },                                                                                     \
        [](const M& m, ::scamper::warts::Writer& w, ::scamper::warts::WriteState& s) {         \
          return ::scamper::warts::WriteDataLength(m.field().size(), w, s);                    \
        }                                                                                      \
  }

#define WARTS_DATA(M, flag, field)                                                              \
  ::scamper::warts::Row<M> {                                                                    \
    flag, #field,                                                                               \
        [](const M& m, ::scamper::warts::FlagSet kept) {                                        \
          return ::scamper::warts::HasDataFlag(m.has_##field(), m.field().empty(), kept, flag); \
        },                                                                                      \
        [](::scamper::warts::Cursor& c, ::scamper::warts::ReadState& s, M* m) {                 \
          absl::string_view data;                                                               \
          if (!::scamper::warts::ReadPendingBytes(c, s, &data)) return false;                   \
          m->set_##field(data.data(), data.size());                                             \
          return true;                                                                          \
        },                                                                                      \
        [](const M& m, ::scamper::warts::Writer& w, ::scamper::warts::WriteState&) {            \
          w.Bytes(m.field());                                                                   \
          return true;                                                                          \
        }                                                                                       \
  }

// As the two above, of a message whose `length_field` is a length without bytes; never 0.
#define WARTS_KEPT_DATA_LENGTH(M, flag, data_flag, length_field, field)                        \
  ::scamper::warts::Row<M> {                                                                   \
    flag, #length_field,                                                                       \
        [](const M& m, ::scamper::warts::FlagSet kept) {                                       \
          return m.has_##length_field() ||                                                     \
                 ::scamper::warts::HasDataLengthFlag(m.has_##field(), m.field().empty(), kept, \
                                                     flag, data_flag);                         \
        },                                                                                     \
        [](::scamper::warts::Cursor& c, ::scamper::warts::ReadState& s, M* m) {                \
          if (!::scamper::warts::U16::Read(c, s, &s.pending_size)) return false;               \
          if (s.pending_size == 0) {                                                           \
            m->set_##field("");                                                                \
          } else {                                                                             \
            m->set_##length_field(s.pending_size);                                             \
          }                                                                                    \
          return true;                                                                         \
        },                                                                                     \
        [](const M& m, ::scamper::warts::Writer& w, ::scamper::warts::WriteState& s) {         \
          if (!m.has_##length_field())                                                         \
            return ::scamper::warts::WriteDataLength(m.field().size(), w, s);                  \
          if (m.has_##field()) return s.Fail("must be absent beside the data");                \
          if (m.length_field() == 0) return s.Fail("must be within 1 - 65535");                \
          return ::scamper::warts::U16::Write(m.length_field(), w, s);                         \
        }                                                                                      \
  }

#define WARTS_KEPT_DATA(M, flag, length_field, field)                                           \
  ::scamper::warts::Row<M> {                                                                    \
    flag, #field,                                                                               \
        [](const M& m, ::scamper::warts::FlagSet kept) {                                        \
          return ::scamper::warts::HasDataFlag(m.has_##field(), m.field().empty(), kept, flag); \
        },                                                                                      \
        [](::scamper::warts::Cursor& c, ::scamper::warts::ReadState& s, M* m) {                 \
          absl::string_view data;                                                               \
          if (!::scamper::warts::ReadPendingBytes(c, s, &data)) return false;                   \
          m->clear_##length_field();                                                            \
          m->set_##field(data.data(), data.size());                                             \
          return true;                                                                          \
        },                                                                                      \
        [](const M& m, ::scamper::warts::Writer& w, ::scamper::warts::WriteState&) {            \
          w.Bytes(m.field());                                                                   \
          return true;                                                                          \
        }                                                                                       \
  }

}  // namespace scamper::warts
