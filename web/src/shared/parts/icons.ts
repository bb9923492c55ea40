/** The icons that the app uses, one by one. */

export {
  symRoundedAccountCircle as iconMe,
  symRoundedAdd as iconAdd,
  symRoundedArrowBackIosNew as iconBack,
  symRoundedClose as iconClose,
  symRoundedDescription as iconContracts,
  symRoundedKeyboardArrowDown as iconMore,
  symRoundedGavel as iconAuctions,
  symRoundedNotifications as iconBell,
  symRoundedLogout as iconOut,
  symRoundedSearch as iconSearch,
  symRoundedShieldPerson as iconConsole,
  symRoundedShowChart as iconMarkets,
  symRoundedStar as iconStar,
  symRoundedEditSquare as iconPublish,
} from "@quasar/extras/material-symbols-rounded";
