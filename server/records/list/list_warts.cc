// SPDX-License-Identifier: Apache-2.0
#include "server/records/list/list_warts.h"

#include "server/base/utf8.h"

namespace scamper::records {
namespace {

using v1::List;

constexpr warts::Row<List> kListRows[] = {
    WARTS_TEXT(List, 1, descr),
    WARTS_TEXT(List, 2, monitor),
};

}  // namespace

bool ReadList(warts::Cursor& body, warts::ReadState& state, v1::List* out) {
  uint32_t warts_id = 0;
  uint32_t id = 0;
  absl::string_view name;
  state.place.field = "warts_id";
  if (!warts::U32::Read(body, state, &warts_id)) return false;
  state.place.field = "id";
  if (!warts::U32::Read(body, state, &id)) return false;
  state.place.field = "name";
  const size_t at = body.offset();
  if (!body.CString(&name)) return state.Fail(at, "a string that ends with a zero byte");
  if (!base::IsUtf8(name)) return state.Fail(at, "a string in UTF-8");
  out->set_warts_id(warts_id);
  out->set_id(id);
  out->set_name(name.data(), name.size());
  if (!warts::ReadParams(kListRows, body, state, out)) return false;
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WriteList(const v1::List& list, warts::Writer& writer, warts::WriteState& state) {
  writer.U32(list.warts_id());
  writer.U32(list.id());
  state.place.field = "name";
  if (!list.has_name()) return state.Fail("must be present");
  if (!warts::Str::Write(list.name(), writer, state) ||
      !warts::WriteParams(kListRows, list, writer, state)) {
    return false;
  }
  writer.Bytes(list.trailing());
  return true;
}

}  // namespace scamper::records
