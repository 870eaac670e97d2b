// SPDX-License-Identifier: Apache-2.0
#include "server/files/definitions.h"

#include "server/records/registry.h"

namespace scamper::files {

void Definitions::Define(const v1::List& list) {
  ++defined_;
  lists_[list.warts_id()] = std::make_unique<v1::List>(list);
}

void Definitions::Define(const v1::Cycle& cycle) {
  ++defined_;
  cycles_[cycle.warts_id()] = std::make_unique<v1::Cycle>(cycle);
}

void Definitions::Define(const v1::Record& record) {
  if (record.has_list()) Define(record.list());
  if (record.has_cycle_start()) Define(record.cycle_start());
  if (record.has_cycle_definition()) Define(record.cycle_definition());
}

void Definitions::Resolve(const v1::Record& record, FileRecord* item) const {
  const records::ReferenceIds ids = records::ReferenceIdsOf(record);
  item->definitions = defined_;
  if (ids.list_id) item->list = ListOf(*ids.list_id);
  if (ids.cycle_id) item->cycle = CycleOf(*ids.cycle_id);
  if (record.has_cycle_start()) item->cycle = CycleOf(record.cycle_start().warts_id());
  if (record.has_cycle_definition()) item->cycle = CycleOf(record.cycle_definition().warts_id());
  if (item->cycle != nullptr) item->cycle_list = ListOf(item->cycle->list_id());
  if (record.has_cycle_stop()) item->list = item->cycle_list;
}

const v1::List* Definitions::ListOf(uint32_t id) const {
  const auto found = lists_.find(id);
  return found == lists_.end() ? nullptr : found->second.get();
}

const v1::Cycle* Definitions::CycleOf(uint32_t id) const {
  const auto found = cycles_.find(id);
  return found == cycles_.end() ? nullptr : found->second.get();
}

}  // namespace scamper::files
