// Says in words what a passkey's ceremony ended in; without it the library would only write to the console.
(function () {
  "use strict"
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault()
    const fault = document.getElementById("passkey_fault")
    if (fault) {
      fault.hidden = false
      fault.scrollIntoView({ block: "nearest" })
    }
  })
})()
